import { sampleLookUp, type DocumentIndexes } from './look-up.js';
import { DOCUMENT, type MetadataTables } from './matching-trials.js';
import type { Filter } from './filter.js';
import { sql, stringLiteral, trustedSql, type Sql } from './sql.js';

/** Pages of the table that a sample is taken from, and documents in it at most: of small ones a page holds many. */
const SAMPLED_PAGES = trustedSql('8');
const MOST_SAMPLED = trustedSql('400');
/** Reading and testing a document that an index gives takes as long as reading some thirty in a row by several processes. */
const WORTH = trustedSql('33');

/** What a decision on the indexes needs of a search. */
export interface TextSearch {
  readonly filter: Filter;
  readonly tables: MetadataTables;
  readonly indexes: DocumentIndexes;
}

/** Whether looking the texts of a filter up pays, as a scalar of SQL; undefined where it asks the index for none. */
export function textsPay({ filter, tables, indexes }: TextSearch): Sql | undefined {
  const condition = sampleLookUp(filter, DOCUMENT, indexes);
  if (condition === undefined) return undefined;
  const table = sql`${tables.metadata} AS "trial_metadata"`;
  const bytes = sql`pg_relation_size(${stringLiteral(tables.metadata.toPositional().text)}::regclass)`;
  const percent = sql`least(100, 100.0 * ${SAMPLED_PAGES} * current_setting('block_size')::integer / greatest(${bytes}, 1))`;
  return sql`(SELECT count(*) FILTER (WHERE (${condition}) IS TRUE) * ${WORTH} <= count(*)
    FROM (SELECT "metadata" FROM ${table} TABLESAMPLE SYSTEM (${percent}) LIMIT ${MOST_SAMPLED}) AS "trial_metadata")`;
}
