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
} from '../../../metadata/index.js';
import { metadataValues, pathOf } from '../metadata-values.js';
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

/** Over rows of a field, a value of it and the number of its `trials`. */
const COUNTS = trustedSql(
  'sum("trials")::text AS "holding", count(*)::text AS "distinct", array_agg(DISTINCT jsonb_typeof("value")) AS "types"',
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
  const rows = await run<CountRow & { readonly column: string }>(
    sql`SELECT "column", ${COUNTS} FROM (SELECT "column", "value", count(*) AS "trials" FROM ${from} CROSS JOIN LATERAL (VALUES ${joinSql(values, ', ')}) AS "found" ("column", "value") WHERE (${where}) AND "value" IS NOT NULL GROUP BY "column", "value") AS "counted" GROUP BY "column"`,
  );
  const found = new Map(rows.map((row) => [row.column, row]));
  return columns.map(({ name }) => toCount(name, found.get(name)));
}

/**
 * Counts the values of every path at which some trial holds a scalar, a list or an empty object; an object that another
 * trial holds at such a path is a value too. Those that differ come first; a path asked for comes even when no trial
 * holds it.
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
  const rows = await run<CountRow & { readonly path: string }>(
    sql`SELECT "path", ${COUNTS} FROM (SELECT "path", "value", "leaf", count(*) AS "trials" FROM ${from} ${metadataValues(paths)} WHERE ${where} GROUP BY "path", "value", "leaf") AS "counted" GROUP BY "path" HAVING bool_or("leaf") ORDER BY count(*) = 1 AND sum("trials") = ${bind(trials, 'bigint')}, "path" COLLATE "C" LIMIT ${bind(MAX_FIELDS + 1, 'bigint')}`,
  );
  const counts = rows.map((row) => ({ path: pathOf(row.path), row }));
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
