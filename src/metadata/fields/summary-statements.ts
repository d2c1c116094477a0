import {
  bind,
  DOCUMENT,
  EVERYTHING,
  matchingTrials,
  selectValues,
  sql,
  tableConstant,
  valueAt,
  type Sql,
  type TrialSource,
} from '../query/index.js';
import type { FieldTables } from './field-tables.js';
import { isListable, type Summary, type SummarySubject } from './value-summary.js';

/** Documents that are read to look up the values of one summary; beyond these it is cheaper to make it anew. */
const MOST_DOCUMENTS = 50_000;

/** The summaries that there are. */
export function summariesStatement(tables: FieldTables): Sql {
  return sql`SELECT "summary" AS "id", "scope", "path", "ready" FROM ${tables.summaries} ORDER BY 1`;
}

/** Drops summaries with their values. */
export function dropStatement(tables: FieldTables, ids: readonly string[]): Sql {
  return sql`DELETE FROM ${tables.summaries} WHERE "summary" = ANY (${bind(ids, 'text[]')})`;
}

/** Takes the values off that are in no trial any more, and changes of unlisted values that can but fall back. */
export function emptiedStatement(tables: FieldTables, ids: readonly string[]): Sql {
  return sql`DELETE FROM ${tables.summaryValues} WHERE "summary" = ANY (${bind(ids, 'text[]')}) AND "trials" <= 0`;
}

/** In a complete summary, a value that was not listed was in no trial: the change is its count. */
export function enterStatement(tables: FieldTables, ids: readonly string[]): Sql {
  return sql`UPDATE ${tables.summaryValues} AS "noted" SET "listed" = true FROM ${tables.summaries} AS "summary"
     WHERE "noted"."summary" = ANY (${bind(ids, 'text[]')}) AND NOT "noted"."listed"
       AND "summary"."summary" = "noted"."summary" AND "summary"."complete"`;
}

/** How many values are noted whose counts are not known: rows of `id`, `values`. */
export function unlistedStatement(tables: FieldTables, ids: readonly string[]): Sql {
  return sql`SELECT "summary" AS "id", count(*)::integer AS "values" FROM ${tables.summaryValues}
     WHERE "summary" = ANY (${bind(ids, 'text[]')}) AND NOT "listed" GROUP BY "summary"`;
}

/**
 * Files what lies in the waiting list of the index on the documents, which every look-up would read from end to end. Nobody
 * loses by it: else the writer whose report fills the list waits for it. Only an owner of the index may do it.
 */
export function fileStatement(tables: FieldTables): Sql {
  return sql`SELECT CASE WHEN pg_has_role("class"."relowner", 'USAGE') THEN gin_clean_pending_list("class"."oid") END
      FROM pg_index AS "index" JOIN pg_class AS "class" ON "class"."oid" = "index"."indexrelid"
      JOIN pg_am AS "method" ON "method"."oid" = "class"."relam"
     WHERE "index"."indrelid" = ${tableConstant(tables.metadata)}
       AND "method"."amname" = 'gin' AND "index"."indexprs" IS NULL AND "index"."indisvalid"`;
}

/**
 * Counts the values noted in one summary by looking them up in the index on the documents, and lists them. Those that it
 * could not count, since they are in too many trials, stay as they are.
 */
export function lookUpStatement(tables: FieldTables, source: TrialSource, summary: Summary): Sql {
  const { id, path } = summary;
  const { from, where } = trialsOf(tables, source, summary);
  const wanted = sql`"wanted"."value"`;
  const document = path.reduceRight(
    (inner, segment) => sql`jsonb_build_object(${bind(segment, 'text')}, ${inner})`,
    wanted,
  );
  // OFFSET 0: value by value through the index, and not as a join that reads every document.
  return sql`WITH "found" AS MATERIALIZED (
    SELECT ${wanted} FROM ${tables.summaryValues} AS "wanted", LATERAL (
      SELECT FROM ${from} WHERE ${where} AND ${DOCUMENT} @> ${document} AND ${valueAt(DOCUMENT, path)} = ${wanted} OFFSET 0) AS "trial"
     WHERE "wanted"."summary" = ${bind(id, 'text')} AND NOT "wanted"."listed" LIMIT ${bind(MOST_DOCUMENTS + 1, 'bigint')}
  ), "counted" AS (
    SELECT "value", count(*) AS "trials" FROM "found" GROUP BY "value"
  )
  UPDATE ${tables.summaryValues} AS "noted" SET "trials" = "counted"."trials", "listed" = true FROM "counted"
   WHERE "noted"."summary" = ${bind(id, 'text')} AND "noted"."value" = "counted"."value"
     AND (SELECT count(*) FROM "found") <= ${bind(MOST_DOCUMENTS, 'bigint')}`;
}

/** Cuts summaries that grew beyond `most` values: the last that stays becomes the place up to which all is listed. */
export function cutStatement(tables: FieldTables, ids: readonly string[], most: number): Sql {
  return sql`WITH "long" AS (
    SELECT "summary" FROM ${tables.summaryValues} WHERE "summary" = ANY (${bind(ids, 'text[]')})
     GROUP BY "summary" HAVING count(*) > ${bind(most, 'bigint')}
  ), "placed" AS (
    SELECT "summary", "value", "trials", row_number() OVER (PARTITION BY "summary" ORDER BY "trials" DESC, "value") AS "place"
      FROM ${tables.summaryValues} JOIN "long" USING ("summary")
  )
  UPDATE ${tables.summaries} AS "summary"
     SET "complete" = false, "last_trials" = "placed"."trials", "last_value" = "placed"."value"
    FROM "placed" WHERE "placed"."summary" = "summary"."summary" AND "placed"."place" = ${bind(most, 'bigint')}`;
}

/** Takes the values off that fell behind the place up to which all is listed. */
export function fallenStatement(tables: FieldTables, ids: readonly string[]): Sql {
  return sql`DELETE FROM ${tables.summaryValues} AS "noted" USING ${tables.summaries} AS "summary"
     WHERE "noted"."summary" = ANY (${bind(ids, 'text[]')})
       AND "summary"."summary" = "noted"."summary" AND NOT "summary"."complete"
       AND ("noted"."trials" < "summary"."last_trials"
            OR ("noted"."trials" = "summary"."last_trials" AND "noted"."value" > "summary"."last_value"))`;
}

/** Drops those that are incomplete and hold fewer than `least` values. */
export function shortStatement(tables: FieldTables, ids: readonly string[], least: number): Sql {
  return sql`DELETE FROM ${tables.summaries} AS "summary"
     WHERE "summary" = ANY (${bind(ids, 'text[]')}) AND NOT "complete" AND ${bind(least, 'bigint')} > (
       SELECT count(*) FROM ${tables.summaryValues} AS "noted" WHERE "noted"."summary" = "summary"."summary")`;
}

/** The `most` first values of a field, from the documents: rows of `value` as text, `trials` and whether it is `listable`. */
export function readValuesStatement(
  tables: FieldTables,
  source: TrialSource,
  subject: SummarySubject,
  most: number,
): Sql {
  const { from, where } = trialsOf(tables, source, subject);
  const value = sql`"value"`;
  const values = selectValues(
    [{ value: valueAt(DOCUMENT, subject.path), name: value }],
    sql`${from} WHERE ${where}`,
  );
  return sql`SELECT ${value}::text AS "value", "trials", ${isListable(value)} AS "listable" FROM (
      SELECT ${value}, count(*) AS "trials" FROM (${values}) AS "held" WHERE ${value} IS NOT NULL
       GROUP BY ${value} ORDER BY "trials" DESC, ${value} LIMIT ${bind(most, 'bigint')}) AS "first"`;
}

/** Adds what was read of the documents to what was noted since. @param rows JSON text: `[[value, trials], …]` */
export function addReadStatement(tables: FieldTables, id: string, rows: string): Sql {
  return sql`INSERT INTO ${tables.summaryValues} AS "noted" ("summary", "value", "trials", "listed")
    SELECT ${bind(id, 'text')}, "read" -> 0, ("read" ->> 1)::bigint, true FROM jsonb_array_elements(${bind(rows, 'jsonb')}) AS "read"
    ON CONFLICT ("summary", "value") DO UPDATE SET "trials" = "noted"."trials" + excluded."trials", "listed" = true`;
}

/** The trials of a subject, as everything that counts values reads them. */
function trialsOf(tables: FieldTables, source: TrialSource, { scope }: SummarySubject) {
  return matchingTrials({
    source,
    tables,
    filter: EVERYTHING,
    restriction: scope === undefined ? undefined : sql`(${source.scope.sql})::text = ${bind(scope, 'text')}`,
    withMetadata: true,
    columns: scope === undefined ? [] : [source.scope],
  });
}
