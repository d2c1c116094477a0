import { keepsLimitsExactly } from './limit-conditions.js';
import { listChange, NOT_LISTED } from './list-change.js';
import type { MetadataTableNames } from './metadata-tables.js';
import { CHANGED_KEYS, isoTime, type WriteMode } from './write-statement.js';

/** The answer of both statements for one write. */
export interface WriteManyRow {
  /** The write's place in the list that was sent. */
  readonly item: number;
  /** Whether there is such a trial. */
  readonly known: boolean;
  /**
   * `later`: the trial has metadata already, so the write is one for {@link changeManyStatement}; `overtaken`: another
   * transaction wrote it meanwhile.
   */
  readonly outcome: 'created' | 'later' | 'changed' | 'unchanged' | 'too_large' | 'overtaken';
  readonly metadata: string | null;
  readonly revision: number | null;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  /** As those of a single write; of a first write, null. */
  readonly replaced?: string | null;
  readonly added?: readonly string[] | null;
}

/**
 * First writes to many trials: makes the rows that are missing, and locks those that are there. Rows are taken in the
 * order of their trials' ids, so that two of these never wait for each other in a circle. Parameters: $1 the writes as
 * a JSON list of `{item, trial, metadata}`, each trial once and no document empty; $2 time, $3 author, $4 source, $5
 * whether to answer the documents.
 */
export function createManyStatement(tables: MetadataTableNames, listed: boolean): string {
  const list = listed ? listChange(tables) : NOT_LISTED;
  return `
WITH sent AS MATERIALIZED (
  SELECT given.item, given.trial AS trial_id, given.metadata, trial.${tables.trialId} IS NOT NULL AS known
    FROM jsonb_to_recordset($1::jsonb) AS given (item integer, trial ${tables.trialIdType}, metadata jsonb)
    LEFT JOIN ${tables.trials} AS trial ON trial.${tables.trialId} = given.trial
), created AS (
  INSERT INTO ${tables.metadata} (trial_id, metadata, revision, updated_at, updated_by${list.column})
  SELECT trial_id, metadata, 1, $2::timestamptz, $3::text${list.next()} FROM sent WHERE known ORDER BY trial_id
  ON CONFLICT (trial_id) DO UPDATE SET revision = excluded.revision WHERE false
  RETURNING trial_id${list.column}
), recorded AS (
  INSERT INTO ${tables.history} (trial_id, revision, updated_at, updated_by, source, replaced, added)
  SELECT trial_id, 1, $2::timestamptz, $3::text, $4::text, '{}', ARRAY(SELECT jsonb_object_keys(metadata))
    FROM created JOIN sent USING (trial_id)
), uncounted AS (
  INSERT INTO ${tables.uncounted} (trial_id, revision) SELECT trial_id, 1 FROM created ON CONFLICT DO NOTHING
)${list.insert('SELECT trial_id, 1, $2::timestamptz, place FROM created')}
SELECT item, known, CASE WHEN created.trial_id IS NULL THEN 'later' ELSE 'created' END AS outcome,
       CASE WHEN created.trial_id IS NOT NULL AND $5::boolean THEN metadata::text END AS metadata,
       1 AS revision, ${isoTime('$2::timestamptz')} AS updated_at, $3::text AS updated_by
  FROM sent LEFT JOIN created USING (trial_id)`;
}

/**
 * Writes to many trials whose rows are there, as a rule locked by this transaction with {@link createManyStatement}. Parameters as
 * there, but that documents may be empty; $6 and $7 limits of each document after the write, in bytes and leaf
 * values (NULL: not looked at), $8 whether to answer what was replaced and added.
 */
export function changeManyStatement(tables: MetadataTableNames, mode: WriteMode, listed: boolean): string {
  const list = listed ? listChange(tables) : NOT_LISTED;
  const after = mode === 'merge' ? 'stored.metadata || sent.metadata' : 'sent.metadata';
  const keys =
    mode === 'merge'
      ? 'jsonb_object_keys(given)'
      : 'LATERAL (SELECT jsonb_object_keys(before) UNION SELECT jsonb_object_keys(after))';
  return `
WITH merged AS MATERIALIZED (
  SELECT sent.item, sent.trial AS trial_id, sent.metadata AS given, stored.metadata AS before,
         ${after} AS after, stored.revision, stored.updated_at, stored.updated_by${list.column}
    FROM jsonb_to_recordset($1::jsonb) AS sent (item integer, trial ${tables.trialIdType}, metadata jsonb)
    JOIN ${tables.metadata} AS stored ON stored.trial_id = sent.trial
), printed AS MATERIALIZED (
  SELECT *, after::text AS text FROM merged
), change AS MATERIALIZED (
  SELECT trial_id, ${CHANGED_KEYS.columns}
    FROM printed, ${keys} AS changed (key)
   WHERE ${CHANGED_KEYS.condition}
   GROUP BY trial_id
), verdict AS MATERIALIZED (
  SELECT trial_id, ${keepsLimitsExactly('after', 'text', { bytes: '$6', leaves: '$7' })} AS fits FROM printed
), written AS (
  UPDATE ${tables.metadata} AS stored
     SET metadata = printed.after, revision = printed.revision + 1,
         updated_at = greatest(printed.updated_at, $2::timestamptz), updated_by = $3::text${list.set('printed.place')}
    FROM printed JOIN change USING (trial_id) JOIN verdict USING (trial_id)
   WHERE stored.trial_id = printed.trial_id AND stored.revision = printed.revision AND fits
  RETURNING stored.trial_id, stored.revision, stored.updated_at, stored.updated_by${list.returned}
), recorded AS (
  INSERT INTO ${tables.history} (trial_id, revision, updated_at, updated_by, source, replaced, added)
  SELECT trial_id, revision, updated_at, updated_by, $4::text, coalesce(replaced, '{}'), coalesce(added, '{}')
    FROM written JOIN change USING (trial_id)
), uncounted AS (
  INSERT INTO ${tables.uncounted} (trial_id, revision) SELECT trial_id, revision FROM written
  ON CONFLICT DO NOTHING
)${list.insert('SELECT trial_id, revision, updated_at, place FROM written')}
SELECT item, true AS known,
       CASE WHEN written.trial_id IS NOT NULL THEN 'changed' WHEN change.trial_id IS NULL THEN 'unchanged'
            WHEN fits THEN 'overtaken' ELSE 'too_large' END AS outcome,
       CASE WHEN $5::boolean THEN CASE WHEN written.trial_id IS NULL THEN before::text ELSE text END END AS metadata,
       coalesce(written.revision, printed.revision) AS revision,
       ${isoTime('coalesce(written.updated_at, printed.updated_at)')} AS updated_at,
       CASE WHEN written.trial_id IS NULL THEN printed.updated_by ELSE written.updated_by END AS updated_by,
       CASE WHEN $8::boolean THEN replaced::text END AS replaced, CASE WHEN $8::boolean THEN added END AS added
  FROM printed JOIN verdict USING (trial_id) LEFT JOIN change USING (trial_id) LEFT JOIN written USING (trial_id)`;
}
