import type { DataSource, EntityManager } from 'typeorm';
import {
  InvalidRequestError,
  isTransient,
  MetadataError,
  sqlStateOf,
  type JsonObject,
} from '../../metadata/index.js';
import type { ImportOutcome, ReadLine } from './import-batch.js';
import {
  lockExperiments,
  StaleTargetsError,
  type ImportTargets,
  type ProjectTargets,
} from './import-targets.js';
import { workOff } from './work-off.js';
import { widenExperiments, writeTrials, type TargetedLine } from './write-trials.js';

/** What became of a line: what was done to its trial, or why it was refused. */
export interface WrittenLine {
  readonly number: number;
  readonly result: ImportOutcome | Error;
}

/** Replaces the documents of many trials within a transaction, and gives the ids of the trials whose changed. */
export type SetDocuments = (
  manager: EntityManager,
  documents: readonly { readonly trialId: number; readonly metadata: JsonObject }[],
) => Promise<ReadonlySet<number>>;

/** Tries of one batch when other transactions are in its way. */
const ATTEMPTS = 10;
/** Classes of SQLSTATE that blame the values: data exceptions, broken constraints, limits of PostgreSQL. */
const BLAMES_VALUES = ['22', '23', '54'];
const LOCK_NOT_AVAILABLE = '55P03';

type Lines = readonly ReadLine[];
type Outcomes = ReadonlyMap<number, ImportOutcome>;

/** Writes batches of lines, none of which names the trial of another line. */
export class ImportWriter {
  /** Whether others write to the same trials, so that two transactions at once would be in their way and they in theirs. */
  private isContended = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly targets: ImportTargets,
    private readonly setDocuments: SetDocuments,
  ) {}

  /**
   * Writes the batches side by side, all or none; when something is in the way of that, one after the other, each in a
   * transaction. When the database refuses a batch for one line's sake, halves are tried, until just that line is left out.
   * @returns one result a line, in their order
   */
  async write(batches: readonly Lines[]): Promise<readonly WrittenLine[]> {
    if (batches.length > 1 && !this.isContended) {
      try {
        return await this.attempt(batches);
      } catch (error) {
        if (!isPassing(error) && refusalOf(error) === undefined) throw error;
        this.isContended = isContention(error);
        this.targets.forget();
      }
    }
    const written: WrittenLine[] = [];
    for (const batch of batches) written.push(...(await this.writeBatch(batch)));
    return written;
  }

  private async writeBatch(lines: Lines): Promise<readonly WrittenLine[]> {
    if (lines.length === 0) return [];
    try {
      return await this.writeWhole(lines);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      const [first, second] = lines;
      if (first !== undefined && second === undefined) return [{ number: first.number, result: refusal }];
      const middle = lines.length >> 1;
      return [
        ...(await this.writeBatch(lines.slice(0, middle))),
        ...(await this.writeBatch(lines.slice(middle))),
      ];
    }
  }

  private async writeWhole(lines: Lines): Promise<readonly WrittenLine[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt([lines]);
      } catch (error) {
        if (!isPassing(error) || attempt === ATTEMPTS) throw error;
        this.targets.forget();
      }
    }
  }

  private async attempt(batches: readonly Lines[]): Promise<readonly WrittenLine[]> {
    const lines = batches.flat();
    const projects = await this.targets.findProjects(lines.map(({ line }) => line));
    const isAllowed = ({ line }: ReadLine) => !(projects.get(line.project) instanceof Error);
    const allowed = batches.map((batch) => batch.filter(isAllowed)).filter((batch) => batch.length > 0);
    const outcomes = await this.transact(allowed, projects);
    return lines.map(({ number, line }) => {
      const refusal = projects.get(line.project);
      return { number, result: refusal instanceof Error ? refusal : (outcomes.get(number) ?? 'unchanged') };
    });
  }

  /** Writes all of the batches or nothing but projects and experiments. */
  private async transact(batches: readonly Lines[], projects: ProjectTargets): Promise<Outcomes> {
    const outcomes = new Map<number, ImportOutcome>();
    if (batches.length === 0) return outcomes;
    await this.targets.makeMissing(
      batches.flat().map(({ line }) => line),
      projects,
    );
    const targeted = batches.map((batch) =>
      batch.map((read) => ({ ...read, experimentId: this.targets.experimentOf(read.line) })),
    );
    const all = targeted.flat();
    await this.dataSource.transaction(async (manager) => {
      await lockExperiments(
        manager,
        all.map(({ experimentId }) => experimentId),
      );
      const write = async (batch: readonly (ReadLine & TargetedLine)[], by: EntityManager) => {
        for (const [number, outcome] of await this.writeLines(batch, by)) outcomes.set(number, outcome);
      };
      const finish = () => widenExperiments(manager, all);
      await workOff(manager, this.dataSource, { jobs: targeted, work: write, finish });
    });
    return outcomes;
  }

  private async writeLines(
    lines: readonly (ReadLine & TargetedLine)[],
    manager: EntityManager,
  ): Promise<Outcomes> {
    const trials = await writeTrials(manager, lines);
    const documents = trials.flatMap(({ trialId }, index) => {
      const { metadata } = elementAt(lines, index).line;
      return metadata === undefined ? [] : [{ trialId, metadata }];
    });
    const changed = await this.setDocuments(manager, documents);
    return new Map(
      lines.map(({ number }, index) => {
        const { trialId, outcome } = elementAt(trials, index);
        return [number, outcome === 'unchanged' && changed.has(trialId) ? 'updated' : outcome];
      }),
    );
  }
}

/** The element at an index that is known to be there. */
function elementAt<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`There is no element ${index}.`);
  return element;
}

/** Whether the same batches, written anew and one after the other, may go in. */
function isPassing(error: unknown): boolean {
  return error instanceof StaleTargetsError || isContention(error);
}

/** Whether other transactions were in the way. */
function isContention(error: unknown): boolean {
  return isTransient(error) || sqlStateOf(error) === LOCK_NOT_AVAILABLE;
}

/** The error to tell the client when it is the values that could not be stored; undefined when they are not to blame. */
function refusalOf(error: unknown): Error | undefined {
  if (error instanceof MetadataError) return error;
  const code = sqlStateOf(error);
  if (code === undefined || !BLAMES_VALUES.includes(code.slice(0, 2))) return undefined;
  const message = `PostgreSQL cannot store the values of this line (SQLSTATE ${code}). Leave out what is unusual in it.`;
  return InvalidRequestError.at('line', 'not_storable', message);
}
