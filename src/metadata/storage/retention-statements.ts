import type { MetadataTableNames } from './metadata-tables.js';

/** Taken for the transaction: one process at a time forgets. */
export const RETENTION_LOCK = `SELECT pg_try_advisory_xact_lock(hashtext('trial_metadata_history retention')) AS locked`;

/**
 * Deletes up to $3 revisions that are beyond the newest $1 of their trial (NULL: no matter) or made before $2 (NULL: no
 * matter). In the order of their revisions, so that what is left of a trial's history has no gap and reads as of any of
 * its revisions are right. Revisions of a trial that is not counted yet wait: the counting reads them.
 */
export function forgetStatement(tables: MetadataTableNames): string {
  return `
WITH old AS MATERIALIZED (
  SELECT trial_id, revision FROM ${tables.history} AS made
   WHERE (updated_at < $2::timestamptz OR revision <= (
           SELECT stored.revision - $1::integer FROM ${tables.metadata} AS stored WHERE stored.trial_id = made.trial_id))
     AND NOT EXISTS (SELECT 1 FROM ${tables.uncounted} AS waiting WHERE waiting.trial_id = made.trial_id)
   ORDER BY trial_id, revision LIMIT $3::integer
), gone AS (
  DELETE FROM ${tables.history} AS made USING old
   WHERE made.trial_id = old.trial_id AND made.revision = old.revision
  RETURNING 1
)
SELECT count(*)::integer AS forgotten FROM gone`;
}
