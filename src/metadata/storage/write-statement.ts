import { surelyKeepsLimits } from './limit-conditions.js';
import { listChange, NOT_LISTED } from './list-change.js';
import type { MetadataTableNames } from './metadata-tables.js';

/** `merge`: each top-level key given replaces that key; `replace`: the document given replaces the whole. */
export type WriteMode = 'merge' | 'replace';

/** What the statement of {@link writeStatement} answers: always one row. */
export interface WriteRow {
  /** The document after the write, or the one that stands when nothing was written. */
  readonly metadata: string;
  /** 0 and not written: the trial has no metadata, or there is no such trial. */
  readonly revision: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  readonly written: boolean;
  /** Whether the write would change the document at all. */
  readonly changes: boolean;
  /** Whether the trial is at one of the revisions asked for. */
  readonly expected: boolean;
  /** False when the document after the write may be beyond the limits, and so was not written. */
  readonly fits: boolean;
  /** JSON text of what each key changed held before; null when not asked for. */
  readonly replaced: string | null;
  /** The keys that were not there before; null when not asked for, or when there are none. */
  readonly added: readonly string[] | null;
}

/** ISO 8601 in UTC with milliseconds, whatever the session's time zone and date style. */
export function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * The keys that a write changes, as columns `replaced` (what each held before) and `added` (those that were not there).
 * Compared as text, so that numbers of one value but other digits (`1`, `1.0`) count as a change and no digit is lost.
 */
export const CHANGED_KEYS = {
  columns: `jsonb_object_agg(key, before -> key) FILTER (WHERE before ? key) AS replaced,
         array_agg(key) FILTER (WHERE NOT before ? key) AS added`,
  condition: `(before -> key)::text IS DISTINCT FROM (after -> key)::text`,
} as const;

/**
 * One write to one trial, with its history, as one statement. Parameters: $1 trial id, $2 document, $3 time, $4 author,
 * $5 source, $6 revisions the trial must be at (NULL: any), $7 and $8 limits of the document after the write, in bytes
 * and leaf values (NULL: not looked at), $9 whether to answer what was replaced and added. A foreign key violation says
 * that there is no such trial.
 *
 * `stored` waits for whoever writes the trial now and then reads what he left. Where there is no row to wait for, the
 * first write of another may still come in between: then the guard of ON CONFLICT writes nothing, the answer says
 * neither written nor why not, and the statement is to be sent again.
 *
 * `uncounted` may hold the revision already, of a trial with that id that was deleted before it was counted.
 * @param listed whether the revision goes into the list of changes
 */
export function writeStatement(tables: MetadataTableNames, mode: WriteMode, listed: boolean): string {
  const list = listed ? listChange(tables) : NOT_LISTED;
  const after = mode === 'merge' ? `coalesce(metadata, '{}') || $2::jsonb` : '$2::jsonb';
  const keys =
    mode === 'merge'
      ? 'jsonb_object_keys($2::jsonb) AS key'
      : '(SELECT jsonb_object_keys(before) UNION SELECT jsonb_object_keys(after)) AS keys (key)';
  return `
WITH stored AS MATERIALIZED (
  SELECT metadata, revision, updated_at, updated_by${list.column} FROM ${tables.metadata}
   WHERE trial_id = $1::${tables.trialIdType} FOR UPDATE
), change AS MATERIALIZED (
  SELECT before, after, text, revision, updated_at, updated_by${list.column}, replaced, added,
         replaced IS NOT NULL OR added IS NOT NULL AS changes,
         $6::integer[] IS NULL OR revision = ANY($6::integer[]) AS expected,
         ${surelyKeepsLimits('text', { bytes: '$7', leaves: '$8' })} AS fits
    FROM (SELECT coalesce(metadata, '{}') AS before, ${after} AS after, (${after})::text AS text,
                 coalesce(revision, 0) AS revision, updated_at, updated_by${list.column}
            FROM (SELECT) AS always LEFT JOIN stored ON true OFFSET 0) AS merged,
         LATERAL (SELECT ${CHANGED_KEYS.columns} FROM ${keys} WHERE ${CHANGED_KEYS.condition}) AS changed
), written AS (
  INSERT INTO ${tables.metadata} AS target (trial_id, metadata, revision, updated_at, updated_by${list.column})
  SELECT $1::${tables.trialIdType}, after, revision + 1, greatest(updated_at, $3::timestamptz), $4::text${list.next('place')}
    FROM change WHERE changes AND expected AND fits
  ON CONFLICT (trial_id) DO UPDATE
     SET metadata = excluded.metadata, revision = excluded.revision,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by${list.excluded}
   WHERE target.revision = excluded.revision - 1
  RETURNING revision, updated_at, updated_by${list.column}
), recorded AS (
  INSERT INTO ${tables.history} (trial_id, revision, updated_at, updated_by, source, replaced, added)
  SELECT $1::${tables.trialIdType}, written.revision, written.updated_at, written.updated_by, $5::text,
         coalesce(replaced, '{}'), coalesce(added, '{}')
    FROM written, change
), uncounted AS (
  INSERT INTO ${tables.uncounted} (trial_id, revision)
  SELECT $1::${tables.trialIdType}, revision FROM written ON CONFLICT DO NOTHING
)${list.insert(`SELECT $1::${tables.trialIdType}, revision, updated_at, place FROM written`)}
SELECT CASE WHEN written.revision IS NULL THEN before::text ELSE text END AS metadata,
       coalesce(written.revision, change.revision) AS revision,
       ${isoTime('coalesce(written.updated_at, change.updated_at)')} AS updated_at,
       CASE WHEN written.revision IS NULL THEN change.updated_by ELSE written.updated_by END AS updated_by,
       written.revision IS NOT NULL AS written, changes, expected, fits,
       CASE WHEN $9::boolean THEN replaced::text END AS replaced, CASE WHEN $9::boolean THEN added END AS added
  FROM change LEFT JOIN written ON true`;
}
