import type { MetadataTableNames } from './metadata-tables.js';
import { isoTime } from './write-statement.js';

/** A trial's metadata as it stands, or as of a revision; no row when there is no such trial. */
export interface ReadRow {
  /** NULL in an as-of read: the history does not reach back to that revision. */
  readonly metadata: string | null;
  readonly revision: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
}

export interface AsOfRow extends ReadRow {
  /** The trial's revision now. */
  readonly current: number;
}

/** The metadata of one trial: `{}` at revision 0 when nothing was ever reported. $1 trial id. */
export function readStatement(tables: MetadataTableNames): string {
  return `
SELECT coalesce(stored.metadata::text, '{}') AS metadata, coalesce(stored.revision, 0) AS revision,
       ${isoTime('stored.updated_at')} AS updated_at, stored.updated_by
  FROM ${tables.trials} AS trial LEFT JOIN ${tables.metadata} AS stored ON stored.trial_id = trial.${tables.trialId}
 WHERE trial.${tables.trialId} = $1::${tables.trialIdType}`;
}

/** As {@link readStatement}, and keeps other writers of this trial waiting until the transaction ends. */
export function lockStatement(tables: MetadataTableNames): string {
  return `
WITH stored AS MATERIALIZED (
  SELECT metadata, revision, updated_at, updated_by FROM ${tables.metadata}
   WHERE trial_id = $1::${tables.trialIdType} FOR UPDATE
)
SELECT coalesce(stored.metadata::text, '{}') AS metadata, coalesce(stored.revision, 0) AS revision,
       ${isoTime('stored.updated_at')} AS updated_at, stored.updated_by
  FROM ${tables.trials} AS trial LEFT JOIN stored ON true
 WHERE trial.${tables.trialId} = $1::${tables.trialIdType}`;
}

/**
 * The metadata as of revision $2 of trial $1: of every key that a later revision touched, the value that the earliest of
 * these replaced.
 */
export function asOfStatement(tables: MetadataTableNames): string {
  return `
WITH later AS (
  SELECT revision, replaced, added FROM ${tables.history}
   WHERE trial_id = $1::${tables.trialIdType} AND revision > $2::integer
), undone AS (
  SELECT DISTINCT ON (key) key, value
    FROM (SELECT revision, key, value FROM later, jsonb_each(replaced)
          UNION ALL SELECT revision, key, NULL FROM later, unnest(added) AS key) AS touched
   ORDER BY key, revision
)
SELECT CASE WHEN stored.revision = $2::integer OR (stored.revision > $2::integer
                  AND EXISTS (SELECT 1 FROM later WHERE revision = $2::integer + 1)
                  AND ($2::integer = 0 OR made.revision IS NOT NULL)) THEN
         ((stored.metadata - ARRAY(SELECT key FROM undone))
           || coalesce((SELECT jsonb_object_agg(key, value) FROM undone WHERE value IS NOT NULL), '{}'))::text
       WHEN stored.revision IS NULL AND $2::integer = 0 THEN '{}' END AS metadata,
       $2::integer AS revision,
       ${isoTime('CASE WHEN stored.revision = $2::integer THEN stored.updated_at ELSE made.updated_at END')} AS updated_at,
       CASE WHEN stored.revision = $2::integer THEN stored.updated_by ELSE made.updated_by END AS updated_by,
       coalesce(stored.revision, 0) AS current
  FROM ${tables.trials} AS trial
  LEFT JOIN ${tables.metadata} AS stored ON stored.trial_id = trial.${tables.trialId}
  LEFT JOIN ${tables.history} AS made ON made.trial_id = trial.${tables.trialId} AND made.revision = $2::integer
 WHERE trial.${tables.trialId} = $1::${tables.trialIdType}`;
}

/** One revision as the history keeps it. */
export interface HistoryRow {
  readonly revision: number;
  readonly updated_at: string;
  readonly updated_by: string | null;
  readonly source: string;
  readonly replaced: string;
  readonly added: readonly string[];
}

/** The keys that changed after revision $2 of trial $1, in no order. */
export function changedKeysStatement(tables: MetadataTableNames): string {
  return `
SELECT DISTINCT key FROM ${tables.history} AS revision,
       LATERAL (SELECT jsonb_object_keys(replaced) UNION ALL SELECT unnest(added)) AS touched (key)
 WHERE trial_id = $1::${tables.trialIdType} AND revision.revision > $2::integer`;
}

/** Up to $3 revisions of trial $1 before revision $2 (NULL: from the newest), newest first. */
export function historyStatement(tables: MetadataTableNames): string {
  return `
SELECT revision, ${isoTime('updated_at')} AS updated_at, updated_by, source, replaced::text AS replaced, added
  FROM ${tables.history}
 WHERE trial_id = $1::${tables.trialIdType} AND ($2::integer IS NULL OR revision < $2::integer)
 ORDER BY revision DESC
 LIMIT $3::integer`;
}
