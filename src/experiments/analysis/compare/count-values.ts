import {
  bind,
  columnJson,
  formatPath,
  joinSql,
  sql,
  trustedSql,
  type Column,
  type JsonType,
  type Path,
  type Projection,
  type Sql,
} from '../../../metadata/index.js';
import { comparePaths } from '../document-paths.js';
import { IS_LEAF, metadataValues, PATH_TEXT, pathOf } from '../metadata-values.js';
import type { TrialSet } from '../trial-set.js';
import type { TrialReading } from '../visible-trials.js';
import { MAX_FIELDS } from './compared-fields.js';

/** The values of one field over a set of trials, counted. */
export interface ValueCount {
  /** As a filter names it. */
  readonly field: string;
  /** Trials that hold a value. */
  readonly holding: number;
  readonly distinct: number;
  readonly types: readonly JsonType[];
}

interface CountRow {
  readonly holding: string;
  readonly distinct: string;
  readonly types: readonly JsonType[];
}

/**
 * Counts in steps, so that the database never has to sort all values: the trials of each `value` of a field, the values of
 * each type, and at last the types.
 * @param field the columns that tell fields apart
 * @param rows FROM and WHERE of rows with these columns and `value`
 */
function countedTypes(field: Sql, rows: Sql): Sql {
  return sql`(SELECT ${field}, jsonb_typeof("value") AS "type", count(*) AS "distinct", sum("trials") AS "holding", bool_or(${IS_LEAF}) AS "leaf" FROM (SELECT ${field}, "value", count(*) AS "trials" ${rows} GROUP BY ${field}, "value") AS "counted" GROUP BY ${field}, "type") AS "typed"`;
}

const COUNTS = trustedSql(
  'sum("holding")::text AS "holding", sum("distinct")::text AS "distinct", array_agg("type" ORDER BY "type") AS "types"',
);

/** Counts the values of columns. */
export async function countColumnValues(
  set: TrialSet,
  columns: readonly Column[],
  { run, matching }: TrialReading,
): Promise<readonly ValueCount[]> {
  if (columns.length === 0) return [];
  const { from, where } = matching(set, columns);
  const values = columns.map((column) => sql`(${bind(column.name, 'text')}, ${columnJson(column)})`);
  const held = sql`FROM ${from} CROSS JOIN LATERAL (VALUES ${joinSql(values, ', ')}) AS "found" ("column", "value") WHERE (${where}) AND "value" IS NOT NULL`;
  const rows = await run<CountRow & { readonly column: string }>(
    sql`SELECT "column", ${COUNTS} FROM ${countedTypes(sql`"column"`, held)} GROUP BY "column"`,
  );
  const found = new Map(rows.map((row) => [row.column, row]));
  return columns.map(({ name }) => toCount(name, found.get(name)));
}

/**
 * Counts the values of every path at which some trial holds a scalar, a list or an empty object; an object that another
 * trial holds at such a path is a value too. In the order of paths, and then those asked for that no trial holds; where there are
 * too many, those that do not differ are left out first.
 * @param trials how many trials the set has
 */
export async function countMetadataValues(
  set: TrialSet,
  paths: Projection['metadata'],
  trials: number,
  { run, matching }: TrialReading,
): Promise<readonly ValueCount[]> {
  if (paths === 'none') return [];
  const { from, where } = matching(set);
  const held = sql`FROM ${from} ${metadataValues(paths)} WHERE ${where}`;
  const rows = await run<CountRow & { readonly path: string }>(
    sql`SELECT ${PATH_TEXT} AS "path", ${COUNTS} FROM ${countedTypes(sql`"prefix", "key"`, held)} GROUP BY "prefix", "key" HAVING bool_or("leaf") ORDER BY sum("distinct") = 1 AND sum("holding") = ${bind(trials, 'bigint')}, ${PATH_TEXT} COLLATE "C" LIMIT ${bind(MAX_FIELDS + 1, 'bigint')}`,
  );
  const counts = rows
    .map((row) => ({ path: pathOf(row.path), row }))
    .sort((a, b) => comparePaths(a.path, b.path));
  const absent =
    paths === 'all' ? [] : paths.filter((path) => !counts.some((count) => isAt(count.path, path)));
  return [
    ...counts.map(({ path, row }) => toCount(`metadata.${formatPath(path)}`, row)),
    ...absent.map((path) => toCount(`metadata.${formatPath(path)}`, undefined)),
  ];
}

function toCount(field: string, row: CountRow | undefined): ValueCount {
  if (row === undefined) return { field, holding: 0, distinct: 0, types: [] };
  return { field, holding: Number(row.holding), distinct: Number(row.distinct), types: row.types };
}

/** Whether the path is `top`, or below it. */
function isAt(path: Path, top: Path): boolean {
  return top.every((key, index) => path[index] === key);
}
