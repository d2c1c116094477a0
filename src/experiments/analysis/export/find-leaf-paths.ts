import { bind, InvalidRequestError, sql, type Path } from '../../../metadata/index.js';
import { comparePaths } from '../document-paths.js';
import { IS_LEAF, metadataValues, PATH_TEXT, pathOf } from '../metadata-values.js';
import type { TrialReading } from '../visible-trials.js';
import type { TrialSet } from '../trial-set.js';

/** A table of more columns is of no use to anybody. */
const MAX_COLUMNS = 10_000;

/**
 * Every path at which one of the trials holds a scalar, a list or an empty object, in order.
 * @throws InvalidRequestError `too_many_columns` for more than 10,000
 */
export async function findLeafPaths(
  set: TrialSet,
  { run, matching }: TrialReading,
): Promise<readonly Path[]> {
  const { from, where } = matching(set);
  const rows = await run<{ path: string }>(
    sql`SELECT ${PATH_TEXT} AS "path" FROM (SELECT "prefix", "key" FROM ${from} ${metadataValues('all')} WHERE (${where}) AND ${IS_LEAF} GROUP BY "prefix", "key" LIMIT ${bind(MAX_COLUMNS + 1, 'bigint')}) AS "field"`,
  );
  if (rows.length > MAX_COLUMNS) {
    const message = `These trials have more than ${MAX_COLUMNS} fields, too many for the columns of a table. Name those that you need in "fields", or ask for format=jsonl.`;
    throw new InvalidRequestError([
      { path: 'fields', code: 'too_many_columns', message, limit: MAX_COLUMNS },
    ]);
  }
  return rows.map(({ path }) => pathOf(path)).sort(comparePaths);
}
