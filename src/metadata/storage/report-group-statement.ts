import { listChange, NOT_LISTED } from './list-change.js';
import type { MetadataTableNames } from './metadata-tables.js';
import { surelyKeepsLimits } from './limit-conditions.js';
import { CHANGED_KEYS, isoTime, type WriteRow } from './write-statement.js';

/** What the statement of {@link reportGroupStatement} answers for one report: what a write alone answers, and whether it counts. */
export interface ReportGroupRow extends WriteRow {
  /** The report's place in the list that was sent. */
  readonly item: number;
  /** False: another transaction holds the trial's metadata, or there is no such trial. The report is to be written alone. */
  readonly free: boolean;
}

/**
 * Reports on several trials, each trial once, as one statement: what {@link writeStatement} does for one. Parameters: $1
 * the reports as a JSON list of `{item, trial, author, metadata}`; $2 time, $3 source, $4 and $5 limits of each document after
 * the write, in bytes and leaf values (NULL: not looked at), $6 whether to answer what was replaced and added.
 *
 * Metadata that somebody else writes now is passed over and not waited for, so that one trial that is held for long does
 * not hold up the others, and two groups never wait for each other. Rows that are missing are made in the order of their
 * trials' ids: what another transaction makes at the same time has to be waited for.
 */
export function reportGroupStatement(tables: MetadataTableNames, listed: boolean): string {
  const list = listed ? listChange(tables) : NOT_LISTED;
  return `
WITH sent AS MATERIALIZED (
  SELECT item, trial AS trial_id, author, metadata AS given
    FROM jsonb_to_recordset($1::jsonb) AS report (item integer, trial ${tables.trialIdType}, author text, metadata jsonb)
), stored AS MATERIALIZED (
  SELECT trial_id, metadata, revision, updated_at, updated_by${list.column} FROM ${tables.metadata}
   WHERE trial_id = ANY (ARRAY(SELECT trial_id FROM sent)) FOR UPDATE SKIP LOCKED
), change AS MATERIALIZED (
  SELECT item, trial_id, author, before, after, text, revision, updated_at, updated_by${list.column}, free, replaced, added,
         replaced IS NOT NULL OR added IS NOT NULL AS changes, ${surelyKeepsLimits('text', { bytes: '$4', leaves: '$5' })} AS fits
    FROM (SELECT item, sent.trial_id, author, given, coalesce(metadata, '{}') AS before,
                 coalesce(metadata, '{}') || given AS after, (coalesce(metadata, '{}') || given)::text AS text,
                 coalesce(revision, 0) AS revision, updated_at, updated_by${list.column},
                 stored.trial_id IS NOT NULL OR (
                   NOT EXISTS (SELECT FROM ${tables.metadata} AS held WHERE held.trial_id = sent.trial_id)
                   AND EXISTS (SELECT FROM ${tables.trials} AS trial WHERE trial.${tables.trialId} = sent.trial_id)) AS free
            FROM sent LEFT JOIN stored ON stored.trial_id = sent.trial_id OFFSET 0) AS merged,
         LATERAL (SELECT ${CHANGED_KEYS.columns} FROM jsonb_object_keys(given) AS key WHERE ${CHANGED_KEYS.condition}) AS changed
), written AS (
  INSERT INTO ${tables.metadata} AS target (trial_id, metadata, revision, updated_at, updated_by${list.column})
  SELECT trial_id, after, revision + 1, greatest(updated_at, $2::timestamptz), author${list.next('place')}
    FROM change WHERE free AND changes AND fits ORDER BY trial_id
  ON CONFLICT (trial_id) DO UPDATE
     SET metadata = excluded.metadata, revision = excluded.revision,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by${list.excluded}
   WHERE target.revision = excluded.revision - 1
  RETURNING trial_id, revision, updated_at, updated_by${list.column}
), recorded AS (
  INSERT INTO ${tables.history} (trial_id, revision, updated_at, updated_by, source, replaced, added)
  SELECT trial_id, written.revision, written.updated_at, written.updated_by, $3::text,
         coalesce(replaced, '{}'), coalesce(added, '{}')
    FROM written JOIN change USING (trial_id)
), uncounted AS (
  INSERT INTO ${tables.uncounted} (trial_id, revision) SELECT trial_id, revision FROM written ON CONFLICT DO NOTHING
)${list.insert('SELECT trial_id, revision, updated_at, place FROM written')}
SELECT item, free, CASE WHEN written.revision IS NULL THEN before::text ELSE text END AS metadata,
       coalesce(written.revision, change.revision) AS revision,
       ${isoTime('coalesce(written.updated_at, change.updated_at)')} AS updated_at,
       CASE WHEN written.revision IS NULL THEN change.updated_by ELSE written.updated_by END AS updated_by,
       written.revision IS NOT NULL AS written, changes, true AS expected, fits,
       CASE WHEN $6::boolean THEN replaced::text END AS replaced, CASE WHEN $6::boolean THEN added END AS added
  FROM change LEFT JOIN written USING (trial_id)`;
}
