import type { EntityManager } from 'typeorm';
import { ENDING_STATES, type TrialState } from '../entities/trial-state.js';
import type { ImportOutcome } from './import-batch.js';
import type { ImportLine } from './import-line.js';

/** A line and the experiment it belongs to. */
export interface TargetedLine {
  readonly experimentId: number;
  readonly line: ImportLine;
}

/** The trial of a line, and what its columns (not its metadata) went through. */
export interface WrittenTrial {
  readonly trialId: number;
  readonly outcome: ImportOutcome;
}

interface TrialRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly number: number;
  readonly state: TrialState;
  readonly start_time: Date | null;
  readonly end_time: Date | null;
}

/**
 * Makes or changes the trials of the lines, in a fixed number of statements. The experiments must be locked.
 * @returns one trial a line, in their order
 */
export async function writeTrials(
  manager: EntityManager,
  lines: readonly TargetedLine[],
): Promise<readonly WrittenTrial[]> {
  const existing = await findTrials(manager, lines);
  const isNew = (target: TargetedLine) => !existing.has(keyOf(target));
  const changed = lines.filter((target) => {
    const row = existing.get(keyOf(target));
    return row !== undefined && differs(row, target.line);
  });
  const inserted = await insertTrials(manager, lines.filter(isNew));
  await updateTrials(manager, changed, existing);

  const updated = new Set(changed);
  return lines.map((target) => {
    const row = existing.get(keyOf(target));
    if (row === undefined) return { trialId: insertedId(inserted, target), outcome: 'created' };
    return { trialId: Number(row.id), outcome: updated.has(target) ? 'updated' : 'unchanged' };
  });
}

function keyOf({ experimentId, line }: TargetedLine): string {
  return `${experimentId}/${line.trial}`;
}

function insertedId(inserted: ReadonlyMap<string, number>, target: TargetedLine): number {
  const id = inserted.get(keyOf(target));
  if (id === undefined) throw new Error(`The statement gave no id for trial ${target.line.trial}.`);
  return id;
}

/** Of several trials with one number the oldest is meant. */
async function findTrials(
  manager: EntityManager,
  lines: readonly TargetedLine[],
): Promise<ReadonlyMap<string, TrialRow>> {
  const rows: readonly TrialRow[] = await manager.query(
    `SELECT DISTINCT ON (trials.experiment_id, trials.number)
            trials.id, trials.experiment_id, trials.number, state, start_time, end_time
       FROM unnest($1::bigint[], $2::integer[]) AS wanted (experiment_id, number)
       JOIN trials ON trials.experiment_id = wanted.experiment_id AND trials.number = wanted.number
      ORDER BY trials.experiment_id, trials.number, trials.id`,
    [lines.map((target) => target.experimentId), lines.map((target) => target.line.trial)],
  );
  return new Map(rows.map((row) => [`${row.experiment_id}/${row.number}`, row]));
}

/** What the line leaves out does not differ. */
function differs(row: TrialRow, { state, startTime, endTime }: ImportLine): boolean {
  return (
    (state !== undefined && state !== row.state) ||
    (startTime !== undefined && startTime.getTime() !== row.start_time?.getTime()) ||
    (endTime !== undefined && endTime.getTime() !== row.end_time?.getTime())
  );
}

async function insertTrials(
  manager: EntityManager,
  targets: readonly TargetedLine[],
): Promise<ReadonlyMap<string, number>> {
  if (targets.length === 0) return new Map();
  const rows: readonly Pick<TrialRow, 'id' | 'experiment_id' | 'number'>[] = await manager.query(
    `INSERT INTO trials (experiment_id, number, state, start_time, end_time)
     SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     RETURNING id, experiment_id, number`,
    [
      targets.map((target) => target.experimentId),
      targets.map((target) => target.line.trial),
      targets.map((target) => target.line.state ?? 'ACTIVE'),
      targets.map((target) => target.line.startTime?.toISOString()),
      targets.map((target) => target.line.endTime?.toISOString()),
    ],
  );
  return new Map(rows.map((row) => [`${row.experiment_id}/${row.number}`, Number(row.id)]));
}

async function updateTrials(
  manager: EntityManager,
  targets: readonly TargetedLine[],
  existing: ReadonlyMap<string, TrialRow>,
): Promise<void> {
  if (targets.length === 0) return;
  await manager.query(
    `UPDATE trials
        SET state = coalesce(line.state, trials.state),
            start_time = coalesce(line.start_time, trials.start_time),
            end_time = coalesce(line.end_time, trials.end_time)
       FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[])
         AS line (id, state, start_time, end_time)
      WHERE trials.id = line.id`,
    [
      targets.map((target) => existing.get(keyOf(target))?.id),
      targets.map((target) => target.line.state),
      targets.map((target) => target.line.startTime?.toISOString()),
      targets.map((target) => target.line.endTime?.toISOString()),
    ],
  );
}

/** An experiment starts with its first trial and, once it has ended, ends with its last. The experiments must be locked. */
export async function widenExperiments(
  manager: EntityManager,
  targets: readonly TargetedLine[],
): Promise<void> {
  const timed = targets.filter(({ line }) => line.startTime !== undefined || line.endTime !== undefined);
  if (timed.length === 0) return;
  await manager.query(
    `WITH span AS (
       SELECT id, min(start_time) AS start_time, max(end_time) AS end_time
         FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS line (id, start_time, end_time)
        GROUP BY id
     ), wider AS (
       SELECT span.id, least(experiments.start_time, span.start_time) AS start_time,
              CASE WHEN experiments.state = ANY($4::text[]) THEN greatest(experiments.end_time, span.end_time)
                   ELSE experiments.end_time END AS end_time
         FROM span JOIN experiments USING (id)
     )
     UPDATE experiments SET start_time = wider.start_time, end_time = wider.end_time
       FROM wider
      WHERE experiments.id = wider.id
        AND (experiments.start_time, experiments.end_time) IS DISTINCT FROM (wider.start_time, wider.end_time)`,
    [
      timed.map((target) => target.experimentId),
      timed.map((target) => target.line.startTime?.toISOString()),
      timed.map((target) => target.line.endTime?.toISOString()),
      ENDING_STATES,
    ],
  );
}
