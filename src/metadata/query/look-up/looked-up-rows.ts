import type { Filter } from '../filter.js';
import { lookUp, type DocumentIndexes } from './look-up.js';
import { DOCUMENT, type MetadataTables, type ReadRows } from '../matching-trials.js';
import { sql } from '../sql.js';

/** The documents that indexes give for a filter, to stand in for their table; undefined when none narrows it down. */
export function lookedUpRows(
  filter: Filter,
  tables: MetadataTables,
  indexes: DocumentIndexes,
): ReadRows | undefined {
  const found = lookUp(filter, DOCUMENT, indexes);
  if (found === undefined) return undefined;
  // OFFSET 0 keeps the planner from walking the order instead, in the hope of many matches.
  return {
    of: 'metadata',
    from: sql`(SELECT "trial_id", "metadata" FROM ${tables.metadata} AS "trial_metadata" WHERE ${found} OFFSET 0) AS "trial_metadata"`,
  };
}
