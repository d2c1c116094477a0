import {
  lookedUpRows,
  lookUpPays,
  sql,
  type LookedUpSearch,
  type LookUpWorth,
  type ReadRows,
} from '../query/index.js';
import type { RunSql } from '../read-only.js';

/**
 * Whether a search is better off with what its filter can be looked up by. Where a sample has it that too many documents meet
 * that, as those that hold a text in some other field, reading these takes seconds, and reading all documents some tenths of
 * one.
 * @param known whether it pays, where a sample was taken before
 */
export async function paysToLookUp(search: LookedUpSearch, run: RunSql, known?: boolean): Promise<boolean> {
  return known ?? (await isPaying(lookUpPays(search), run));
}

/**
 * The documents that hold the texts of a filter, to be read in place of all; undefined where it asks for no text, or too many
 * hold it.
 */
export async function lookedUpByText(search: LookedUpSearch, run: RunSql): Promise<ReadRows | undefined> {
  const worth = lookUpPays(search);
  if (worth?.byText !== true || !(await isPaying(worth, run))) return undefined;
  return lookedUpRows(search.filter, search.tables, search.indexes);
}

async function isPaying(worth: LookUpWorth | undefined, run: RunSql): Promise<boolean> {
  if (worth === undefined) return false;
  const [row] = await run<{ pays: boolean }>(sql`SELECT ${worth.pays} AS "pays"`);
  return row?.pays === true;
}
