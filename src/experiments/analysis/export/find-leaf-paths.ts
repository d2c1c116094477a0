import { bind, InvalidRequestError, sql, type Path } from '../../../metadata/index.js';
import { comparePaths } from '../document-paths.js';
import { IS_LEAF, pathOf, valuesAtDepth } from '../metadata-values.js';
import type { TrialReading } from '../visible-trials.js';

/** A table of more columns is of no use to anybody. */
const MAX_COLUMNS = 10_000;

/**
 * Every path at which one of the trials holds a scalar, a list or an empty object, in order.
 * @throws InvalidRequestError `too_many_columns` for more than 10,000
 */
export async function findLeafPaths(reading: TrialReading): Promise<readonly Path[]> {
  const found: Path[] = [];
  for (let depth = 1, deeper = true; deeper; depth++) {
    const rows = await pathsAtDepth(depth, reading);
    for (const { path, leaf } of rows) if (leaf) found.push(pathOf(path));
    if (rows.length > MAX_COLUMNS || found.length > MAX_COLUMNS) throw tooManyColumns();
    deeper = rows.some(({ inner }) => inner);
  }
  return found.sort(comparePaths);
}

interface PathRow {
  readonly path: string;
  /** Whether a trial holds something there that has no members. */
  readonly leaf: boolean;
  /** Whether a trial holds something there that has. */
  readonly inner: boolean;
}

async function pathsAtDepth(depth: number, { run, matching }: TrialReading): Promise<readonly PathRow[]> {
  const { table, field, path } = valuesAtDepth(matching(), 'all', depth);
  return run<PathRow>(
    sql`SELECT ${path} AS "path", bool_or(${IS_LEAF}) AS "leaf", bool_or(NOT ${IS_LEAF}) AS "inner" FROM ${table} GROUP BY ${field} LIMIT ${bind(MAX_COLUMNS + 1, 'bigint')}`,
  );
}

function tooManyColumns(): InvalidRequestError {
  const message = `These trials have more than ${MAX_COLUMNS} fields, too many for the columns of a table. Name those that you need in "fields", or ask for format=jsonl.`;
  return new InvalidRequestError([{ path: 'fields', code: 'too_many_columns', message, limit: MAX_COLUMNS }]);
}
