import { bind, sql, type RunSql, type Sql } from '../../metadata/index.js';
import type { SearchRequest } from './search-request.js';

/** How many there are in all: exactly that many (`eq`), or at least (`gte`). */
export interface Total {
  readonly value: number;
  readonly relation: 'eq' | 'gte';
}

/** Counting stops here unless an exact count is asked for. */
export const COUNT_CAP = 10_000;

/** What a page tells of the total without a count: none is asked for, or all is on it. Undefined: it must be counted. */
export function toldTotal(
  { count, after, offset, limit }: SearchRequest,
  found: number,
): { readonly total: Total | undefined } | undefined {
  if (count === 'none') return { total: undefined };
  const isAll = after === undefined && offset === 0 && found < limit;
  return isAll ? { total: { value: found, relation: 'eq' } } : undefined;
}

/**
 * Counts the rows of a query as the request asks; undefined when it asks for none.
 * @param rows a SELECT of the rows to count
 * @param found the rows of the page, whose number is the total when the page is the first and not full
 */
export async function countTotal(
  request: SearchRequest,
  rows: Sql,
  found: number,
  run: RunSql,
): Promise<Total | undefined> {
  const told = toldTotal(request, found);
  if (told !== undefined) return told.total;
  const capped = request.count === 'capped';
  const counted = capped ? sql`${rows} LIMIT ${bind(COUNT_CAP + 1, 'bigint')}` : rows;
  const [row] = await run<{ count: string }>(sql`SELECT count(*) AS count FROM (${counted}) AS counted`);
  const value = Number(row?.count ?? 0);
  return capped && value > COUNT_CAP ? { value: COUNT_CAP, relation: 'gte' } : { value, relation: 'eq' };
}
