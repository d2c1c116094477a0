import { textsOf } from './document-texts.js';
import { sampleLookUp, type DocumentIndexes, type LookedUpBy } from './look-up.js';
import { DOCUMENT, type MetadataTables } from '../matching-trials.js';
import type { Filter } from '../filter.js';
import { shareOfPages } from '../sampled-table.js';
import { identifier, sql, tableConstant, trustedSql, type Sql } from '../sql.js';

/** Pages of the table that a sample is taken from. */
const SAMPLED_PAGES = trustedSql('8');
/** Documents in it: as many as take 512 KiB, since those that are stored beside the page must be read whole. */
const SAMPLED = { least: trustedSql('44'), most: trustedSql('400'), bytes: trustedSql('524288') };
/**
 * Reading a document that an index gives takes as long as reading so many in a row by several processes; the more with the test
 * of the texts, of one field or of all.
 */
const WORTH: Readonly<Record<LookedUpBy, Sql>> = {
  values: trustedSql('16'),
  'texts of fields': trustedSql('32'),
  'texts of documents': trustedSql('44'),
};

/** The texts of a sampled document, made once however many conditions ask for them. */
const TEXTS = identifier('trial_metadata', 'texts');

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
  const sampled = sampleLookUp(filter, { document: DOCUMENT, texts: TEXTS }, indexes);
  if (sampled === undefined) return undefined;
  const { condition, by } = sampled;
  const { metadata } = tables;
  const share = shareOfPages(metadata, SAMPLED_PAGES);
  const rows = sql`(SELECT greatest("reltuples", 0) FROM pg_class WHERE "oid" = ${tableConstant(metadata)})`;
  const fitting = sql`${SAMPLED.bytes} * ${rows} / greatest(pg_table_size(${tableConstant(metadata)}), 1)`;
  const limit = sql`greatest(${SAMPLED.least}, least(${SAMPLED.most}, ${fitting}))::bigint`;
  const texts = by === 'texts of documents' ? sql`, ${textsOf(DOCUMENT)} AS "texts"` : sql``;
  const pays = sql`(SELECT count(*) FILTER (WHERE (${condition}) IS TRUE) * ${WORTH[by]} <= count(*)
    FROM (SELECT "metadata"${texts} FROM ${metadata} AS "trial_metadata" TABLESAMPLE SYSTEM (100 * ${share}) LIMIT ${limit}) AS "trial_metadata")`;
  return { pays, byText: by !== 'values' };
}
