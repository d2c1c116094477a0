import type { MetadataTableNames } from './metadata-tables.js';

/** `merge`: each top-level key given replaces that key; `replace`: the document given replaces the whole. */
export type WriteMode = 'merge' | 'replace';

/** What the statement of {@link writeStatement} answers: one row, or none when there is no such trial. */
export interface WriteRow {
  /** The document after the write, or the one that stands when nothing was written. */
  readonly metadata: string;
  readonly revision: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  readonly written: boolean;
  /** Whether the write would change the document at all. */
  readonly changes: boolean;
  /** Whether the trial is at one of the revisions asked for. */
  readonly expected: boolean;
  /** Whether the document after the write keeps within the limits. */
  readonly fits: boolean;
}

/** ISO 8601 in UTC with milliseconds, whatever the session's time zone and date style. */
export function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Whether a document keeps within limits given as parameters (NULL: no limit). A leaf takes three bytes of the text or
 * more, so that leaves are counted only where there can be too many.
 */
export function fitsLimits(
  document: string,
  bytes: string,
  limits: { bytes: string; leaves: string },
): string {
  return `(${limits.bytes}::integer IS NULL OR (${bytes} <= ${limits.bytes}::integer AND (
      ${bytes} < 3 * ${limits.leaves}::integer
      OR (SELECT count(*) FROM jsonb_path_query(${document}, 'strict $.**') AS value
           WHERE jsonb_typeof(value) NOT IN ('object', 'array') OR value IN ('{}', '[]')) <= ${limits.leaves}::integer)))`;
}

/**
 * The keys that a write changes, as columns `replaced` (what each held before) and `added` (those that were not there).
 * Numbers of one value but other digits (`1`, `1.0`) count as a change, so that no digit is lost.
 */
export const CHANGED_KEYS = {
  columns: `jsonb_object_agg(key, before -> key) FILTER (WHERE before ? key) AS replaced,
    array_agg(key) FILTER (WHERE NOT before ? key) AS added`,
  condition: `((before -> key) IS DISTINCT FROM (after -> key) OR (before -> key)::text <> (after -> key)::text)`,
} as const;

/**
 * One write to one trial, with its history, as one statement. Parameters: $1 trial id, $2 document, $3 time, $4 author,
 * $5 source, $6 revisions the trial must be at (NULL: any), $7 and $8 limits of the document after the write, in bytes
 * and leaf values (NULL: not looked at).
 *
 * `stored` waits for whoever writes the trial now and then reads what he left. Where there is no row to wait for, the
 * first write of another may still come in between: then the guard of ON CONFLICT writes nothing, the answer says
 * neither written nor why not, and the statement is to be sent again.
 *
 * `uncounted` may hold the revision already, of a trial with that id that was deleted before it was counted.
 */
export function writeStatement(tables: MetadataTableNames, mode: WriteMode): string {
  const after = mode === 'merge' ? `coalesce(stored.metadata, '{}') || $2::jsonb` : '$2::jsonb';
  const keys =
    mode === 'merge'
      ? 'jsonb_object_keys($2::jsonb)'
      : 'LATERAL (SELECT jsonb_object_keys(before) UNION SELECT jsonb_object_keys(after))';
  return `
WITH trial AS MATERIALIZED (
  SELECT 1 FROM ${tables.trials} WHERE ${tables.trialId} = $1::${tables.trialIdType}
), stored AS MATERIALIZED (
  SELECT metadata, revision, updated_at, updated_by FROM ${tables.metadata}
   WHERE trial_id = $1::${tables.trialIdType} FOR UPDATE
), merged AS MATERIALIZED (
  SELECT coalesce(stored.metadata, '{}') AS before, ${after} AS after, coalesce(stored.revision, 0) AS revision,
         updated_at, updated_by
    FROM trial LEFT JOIN stored ON true
), printed AS MATERIALIZED (
  SELECT *, after::text AS text FROM merged
), change AS MATERIALIZED (
  SELECT ${CHANGED_KEYS.columns}
    FROM printed, ${keys} AS changed (key)
   WHERE ${CHANGED_KEYS.condition}
  HAVING count(*) > 0
), verdict AS MATERIALIZED (
  SELECT $6::integer[] IS NULL OR revision = ANY($6::integer[]) AS expected,
         ${fitsLimits('after', 'octet_length(text)', { bytes: '$7', leaves: '$8' })} AS fits
    FROM printed
), written AS (
  INSERT INTO ${tables.metadata} (trial_id, metadata, revision, updated_at, updated_by)
  SELECT $1::${tables.trialIdType}, after, revision + 1, greatest(updated_at, $3::timestamptz), $4::text
    FROM printed, change, verdict
   WHERE expected AND fits
  ON CONFLICT (trial_id) DO UPDATE
     SET metadata = excluded.metadata, revision = excluded.revision,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by
   WHERE ${tables.metadata}.revision = excluded.revision - 1
  RETURNING revision, updated_at, updated_by
), recorded AS (
  INSERT INTO ${tables.history} (trial_id, revision, updated_at, updated_by, source, replaced, added)
  SELECT $1::${tables.trialIdType}, revision, updated_at, updated_by, $5::text,
         coalesce(replaced, '{}'), coalesce(added, '{}')
    FROM written, change
), uncounted AS (
  INSERT INTO ${tables.uncounted} (trial_id, revision) SELECT $1::${tables.trialIdType}, revision FROM written
  ON CONFLICT DO NOTHING
)
SELECT CASE WHEN written.revision IS NULL THEN before::text ELSE text END AS metadata,
       coalesce(written.revision, printed.revision) AS revision,
       CASE WHEN written.revision IS NULL THEN ${isoTime('printed.updated_at')}
            ELSE ${isoTime('written.updated_at')} END AS updated_at,
       CASE WHEN written.revision IS NULL THEN printed.updated_by ELSE written.updated_by END AS updated_by,
       written.revision IS NOT NULL AS written, expected, fits,
       EXISTS (SELECT 1 FROM change) AS changes
  FROM printed CROSS JOIN verdict LEFT JOIN written ON true`;
}
