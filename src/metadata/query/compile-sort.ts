import { compileSortValue } from './compile-sort-value.js';
import type { SortDirection, Sort } from './sort.js';
import { bind, joinSql, sql, trustedSql, type BindType, type Sql } from './sql.js';

/** One key of an ORDER BY: NULL where the trial lacks the value, which comes last in both directions. */
export interface OrderKey {
  readonly expression: Sql;
  /** The type of the expression: how a value of it is bound again when a page continues. */
  readonly type: BindType;
  readonly direction: SortDirection;
}

/**
 * The keys of an ORDER BY for a sort. The trial id is not among them: {@link orderBy} adds it.
 *
 *     [{"field": "metadata.runtime_seconds", "direction": "desc"}]
 *     (m.metadata -> $1::text) DESC NULLS LAST, trial.id ASC
 */
export function compileSort(sort: Sort, document: Sql): readonly OrderKey[] {
  return sort.map((key) => ({ ...compileSortValue(key, document), direction: key.direction }));
}

/**
 * The whole ORDER BY list; `id` breaks ties, ascending, unless it is a key itself: after it there are none, and a planner
 * that is told so reads rows in the order of the index and stops at the limit.
 * @param hasFirst whether every row has a value of the first key: then an index read backwards serves it too
 */
export function orderBy(keys: readonly OrderKey[], id: Sql, hasFirst = false): Sql {
  const own = keys.findIndex(({ expression }) => expression === id);
  const parts = (own < 0 ? keys : keys.slice(0, own + 1)).map(({ expression, direction }, index) => {
    if (direction === 'asc') return sql`${expression} ASC NULLS LAST`;
    return hasFirst && index === 0 ? sql`${expression} DESC` : sql`${expression} DESC NULLS LAST`;
  });
  return joinSql(own < 0 ? [...parts, sql`${id} ASC`] : parts, ', ');
}

/** A key's value as the text that {@link PageEnd} carries: one that reads back the same in a session of any date style. */
export function pageValue({ expression, type }: Pick<OrderKey, 'expression' | 'type'>): Sql {
  if (type !== 'timestamptz') return sql`(${expression})::text`;
  return sql`CASE WHEN isfinite(${expression}) THEN to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US+00 AD') ELSE (${expression})::text END`;
}

/** Where a page ended: {@link pageValue} of each key in its last row, and the row's id. */
export interface PageEnd {
  readonly values: readonly (string | null)[];
  readonly id: string;
}

/** The condition that a row comes after `end` in the order of {@link orderBy}. */
export function afterPageEnd(keys: readonly OrderKey[], id: Sql, idType: BindType, end: PageEnd): Sql {
  return keys.reduceRight<Sql>(
    (rest, key, index) => afterValue(key, end.values[index] ?? null, rest),
    sql`${id} > ${bind(end.id, idType)}`,
  );
}

function afterValue(key: OrderKey, value: string | null, rest: Sql): Sql {
  const { expression } = key;
  if (value === null) return sql`(${expression} IS NULL AND ${rest})`;
  const bound = bind(value, key.type);
  const beyond = trustedSql(key.direction === 'asc' ? '>' : '<');
  return sql`(${expression} ${beyond} ${bound} OR ${expression} IS NULL OR (${expression} = ${bound} AND ${rest}))`;
}
