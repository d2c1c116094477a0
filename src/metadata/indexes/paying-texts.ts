import {
  lookedUpRows,
  textsPay,
  sql,
  type DocumentIndexes,
  type ReadRows,
  type Sql,
  type TextSearch,
} from '../query/index.js';
import type { RunSql } from '../read-only.js';

/**
 * The indexes that a search is better off with: without the one on texts where a sample has it that too many documents hold
 * what is looked for, in another field or in another order. Reading all of these takes seconds, where reading all documents
 * takes some tenths of one.
 * @param known whether it pays, where a sample was taken before
 */
export async function payingIndexes(
  search: TextSearch,
  run: RunSql,
  known?: boolean,
): Promise<DocumentIndexes> {
  const pays = known ?? (await sampled(textsPay(search), run));
  return pays ? search.indexes : { ...search.indexes, texts: false };
}

/**
 * The documents that hold the texts of a filter, to be read in place of all; undefined where it asks for no text, or too many
 * hold it.
 */
export async function lookedUpByText(search: TextSearch, run: RunSql): Promise<ReadRows | undefined> {
  const pays = textsPay(search);
  if (pays === undefined || !(await sampled(pays, run))) return undefined;
  return lookedUpRows(search.filter, search.tables, search.indexes);
}

async function sampled(pays: Sql | undefined, run: RunSql): Promise<boolean> {
  if (pays === undefined) return true;
  const [row] = await run<{ pays: boolean }>(sql`SELECT ${pays} AS "pays"`);
  return row?.pays === true;
}
