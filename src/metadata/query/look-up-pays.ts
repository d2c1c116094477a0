import { sampleLookUp, type DocumentIndexes } from './look-up.js';
import { DOCUMENT, type MetadataTables } from './matching-trials.js';
import type { Filter } from './filter.js';
import { sql, stringLiteral, trustedSql, type Sql } from './sql.js';

/** Pages of the table that a sample is taken from, and documents in it at most: of small ones a page holds many. */
const SAMPLED_PAGES = trustedSql('8');
const MOST_SAMPLED = trustedSql('400');
/**
 * Reading a document that an index gives takes as long as reading so many in a row by several processes; with the test of its
 * texts, twice as long.
 */
const WORTH = { byValue: trustedSql('16'), byText: trustedSql('33') };

/** What a decision on the indexes needs of a search. */
export interface LookedUpSearch {
  readonly filter: Filter;
  readonly tables: MetadataTables;
  readonly indexes: DocumentIndexes;
}

/** Whether it pays to look a filter up, and whether that is by text. */
export interface LookUpWorth {
  /** A scalar of SQL. */
  readonly pays: Sql;
  readonly byText: boolean;
}

/**
 * Whether looking the documents of a filter up in the indexes takes less than reading all documents, as a sample of these
 * has it; undefined where nothing can be looked up.
 */
export function lookUpPays({ filter, tables, indexes }: LookedUpSearch): LookUpWorth | undefined {
  const sampled = sampleLookUp(filter, DOCUMENT, indexes);
  if (sampled === undefined) return undefined;
  const { condition, byText } = sampled;
  const table = sql`${tables.metadata} AS "trial_metadata"`;
  const bytes = sql`pg_relation_size(${stringLiteral(tables.metadata.toPositional().text)}::regclass)`;
  const percent = sql`least(100, 100.0 * ${SAMPLED_PAGES} * current_setting('block_size')::integer / greatest(${bytes}, 1))`;
  const pays = sql`(SELECT count(*) FILTER (WHERE (${condition}) IS TRUE) * ${byText ? WORTH.byText : WORTH.byValue} <= count(*)
    FROM (SELECT "metadata" FROM ${table} TABLESAMPLE SYSTEM (${percent}) LIMIT ${MOST_SAMPLED}) AS "trial_metadata")`;
  return { pays, byText };
}
