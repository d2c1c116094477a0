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
import { IS_LEAF, pathOf, valuesAtDepth } from '../metadata-values.js';
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

interface PathRow extends CountRow {
  readonly path: string;
  readonly leaf: boolean;
  /** Whether any field of this depth has members. */
  readonly deeper: boolean;
}

/** Counts the values of columns. */
export async function countColumnValues(
  columns: readonly Column[],
  { run, matching }: TrialReading,
): Promise<readonly ValueCount[]> {
  if (columns.length === 0) return [];
  const { from, where } = matching(columns);
  const values = columns.map((column) => sql`(${bind(column.name, 'text')}, ${columnJson(column)})`);
  const table = sql`(SELECT "column", "value" FROM ${from} CROSS JOIN LATERAL (VALUES ${joinSql(values, ', ')}) AS "found" ("column", "value") WHERE (${where}) AND "value" IS NOT NULL) AS "held"`;
  const column = trustedSql('"column"');
  const rows = await run<CountRow & { readonly column: string }>(
    sql`SELECT "column", ${COUNTS} FROM ${countedByType(table, column)} GROUP BY "column"`,
  );
  const found = new Map(rows.map((row) => [row.column, row]));
  return columns.map(({ name }) => toCount(name, found.get(name)));
}

/**
 * Counts the values of every path at which some trial holds a scalar, a list or an empty object; an object that another
 * trial holds at such a path is a value too. In the order of paths, and then those asked for that no trial holds; where
 * there are too many, those that do not differ are left out first.
 * @param trials how many trials the set has
 */
export async function countMetadataValues(
  paths: Projection['metadata'],
  trials: number,
  reading: TrialReading,
): Promise<readonly ValueCount[]> {
  if (paths === 'none') return [];
  const counts: { readonly path: Path; readonly row: PathRow }[] = [];
  for (let depth = 1, deeper = true; deeper; depth++) {
    const rows = await countAtDepth(paths, depth, trials, reading);
    for (const row of rows) if (row.leaf) counts.push({ path: pathOf(row.path), row });
    deeper = rows[0]?.deeper ?? false;
  }
  counts.sort((a, b) => comparePaths(a.path, b.path));
  const absent =
    paths === 'all' ? [] : paths.filter((path) => !counts.some((count) => isAt(count.path, path)));
  return [
    ...counts.map(({ path, row }) => toCount(`metadata.${formatPath(path)}`, row)),
    ...absent.map((path) => toCount(`metadata.${formatPath(path)}`, undefined)),
  ];
}

async function countAtDepth(
  paths: 'all' | readonly Path[],
  depth: number,
  trials: number,
  { run, matching }: TrialReading,
): Promise<readonly PathRow[]> {
  const { table, field, path } = valuesAtDepth(matching(), paths, depth);
  const same = sql`sum("distinct") = 1 AND sum("holding") = ${bind(trials, 'bigint')}`;
  const fields = sql`SELECT ${path} AS "path", ${COUNTS}, bool_or("leaf") AS "leaf", bool_or("inner") AS "inner", ${same} AS "same" FROM ${countedByType(table, field)} GROUP BY ${field}`;
  return run<PathRow>(
    sql`SELECT *, bool_or("inner") OVER () AS "deeper" FROM (${fields}) AS "field" ORDER BY "leaf" DESC, "same", "path" COLLATE "C" LIMIT ${bind(MAX_FIELDS + 1, 'bigint')}`,
  );
}

const COUNTS = trustedSql(
  'sum("holding")::text AS "holding", sum("distinct")::text AS "distinct", array_agg("type" ORDER BY "type") AS "types"',
);

/**
 * Counts in steps, so that the database never sorts all values: the trials of each value of a field, then the values of
 * each type.
 */
function countedByType(table: Sql, field: Sql): Sql {
  const values = sql`SELECT ${field}, "value", count(*) AS "trials" FROM ${table} GROUP BY ${field}, "value"`;
  return sql`(SELECT ${field}, jsonb_typeof("value") AS "type", count(*) AS "distinct", sum("trials") AS "holding", bool_or(${IS_LEAF}) AS "leaf", bool_or(NOT ${IS_LEAF}) AS "inner" FROM (${values}) AS "counted" GROUP BY ${field}, "type") AS "typed"`;
}

function toCount(field: string, row: CountRow | undefined): ValueCount {
  if (row === undefined) return { field, holding: 0, distinct: 0, types: [] };
  return { field, holding: Number(row.holding), distinct: Number(row.distinct), types: row.types };
}

/** Whether the path is `top`, or below it. */
function isAt(path: Path, top: Path): boolean {
  return top.every((key, index) => path[index] === key);
}
