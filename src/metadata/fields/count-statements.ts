import type { Path } from '../document/index.js';
import {
  bind,
  joinSql,
  joinsFor,
  sql,
  TRUE,
  trustedSql,
  valueAt,
  type Sql,
  type TrialSource,
} from '../query/index.js';
import type { FieldTables } from './field-tables.js';
import { isListable, type Summary } from './value-summary.js';

/** What a statement that counts answers: always one row. */
export interface CountRow {
  /** Trials counted. */
  readonly taken: string;
  /** The summaries with values whose counts changed; null: none. */
  readonly moved: readonly string[] | null;
  /** Those that cannot be kept, since the field holds a value that they may not list. */
  readonly unfit: readonly string[] | null;
}

/**
 * Common table expressions for a WITH RECURSIVE: from `input(sign, scope, path, value)` to `counted(scope, path, type,
 * trials)`, the sum of signs for every value in or below those of the input. Objects count themselves and their
 * members; lists are not descended.
 */
function countedCtes(input: Sql): Sql {
  return sql`"input" AS (${input}), "node" AS (
    SELECT "sign", "scope", "path", "value" FROM "input"
    UNION ALL
    SELECT "sign", "scope", "path" || "member"."key", "member"."value"
      FROM "node", jsonb_each(CASE jsonb_typeof("node"."value") WHEN 'object' THEN "node"."value" ELSE '{}' END) AS "member"
     WHERE jsonb_typeof("node"."value") = 'object'
  ), "counted" AS (
    SELECT "scope", "path", jsonb_typeof("value") AS "type", sum("sign") AS "trials"
      FROM "node" GROUP BY "scope", "path", "type" HAVING sum("sign") <> 0
  )`;
}

/** Adds `counted` to the known fields, in the order of their key, so that two of these never wait in a circle. */
function addCounted(tables: FieldTables): Sql {
  return sql`INSERT INTO ${tables.fields} AS "field" ("scope", "path_digest", "type", "path", "trials")
    SELECT "scope", md5("path"::text), "type", "path", "trials" FROM "counted" ORDER BY 1, 2, 3
    ON CONFLICT ("scope", "path_digest", "type") DO UPDATE SET "trials" = "field"."trials" + excluded."trials"
    RETURNING 1`;
}

/** From `input` to `moved(summary, value, trials)`: by how much the count of each value of a summary changes. */
function movedCte(summaries: readonly Summary[]): Sql {
  if (summaries.length === 0) {
    return sql`"moved" AS (SELECT NULL::text AS "summary", NULL::jsonb AS "value", 0 AS "trials" WHERE false)`;
  }
  const paths = new Map<string, { readonly path: Path; readonly index: Sql }>();
  for (const { path } of summaries) {
    const key = JSON.stringify(path);
    if (!paths.has(key)) paths.set(key, { path, index: bind(paths.size, 'integer') });
  }
  const held = [...paths.values()].map(
    ({ path: [key, ...below], index }) =>
      sql`SELECT ${index} AS "field", "sign", "scope", ${valueAt(sql`"value"`, below)} AS "value" FROM "input" WHERE "path" = ${bind([key], 'text[]')}`,
  );
  const watched = summaries.map(
    ({ id, path, scope }) =>
      sql`(${paths.get(JSON.stringify(path))?.index ?? TRUE}, ${bind(id, 'text')}, ${bind(scope, 'text')})`,
  );
  return sql`"held" AS (${joinSql(held, ' UNION ALL ')}), "moved" AS MATERIALIZED (
    SELECT "watched"."summary", "held"."value", sum("held"."sign") AS "trials"
      FROM "held" JOIN (VALUES ${joinSql(watched, ', ')}) AS "watched" ("field", "summary", "scope")
        ON "watched"."field" = "held"."field" AND ("watched"."scope" IS NULL OR "watched"."scope" = "held"."scope")
     WHERE "held"."value" IS NOT NULL GROUP BY "watched"."summary", "held"."value" HAVING sum("held"."sign") <> 0
  )`;
}

/** Adds `moved` to the values of the summaries. One that is not listed there holds the change alone until it is settled. */
function noteMoved(tables: FieldTables): Sql {
  return sql`INSERT INTO ${tables.summaryValues} AS "noted" ("summary", "value", "trials", "listed")
    SELECT "summary", "value", "trials", false FROM "moved" WHERE ${isListable(trustedSql('"value"'))}
    ON CONFLICT ("summary", "value") DO UPDATE SET "trials" = "noted"."trials" + excluded."trials"
    RETURNING 1`;
}

/** Counts an `input` into the known fields and the summaries. @param taken a SELECT of the number of trials */
function countInput(tables: FieldTables, input: Sql, summaries: readonly Summary[], taken: Sql): Sql {
  const noted = summaries.length === 0 ? sql`` : sql`, "noted" AS (${noteMoved(tables)})`;
  return sql`${countedCtes(input)}, "summed" AS (${addCounted(tables)}), ${movedCte(summaries)}${noted}
  SELECT (${taken}) AS "taken", array_agg(DISTINCT "summary") AS "moved",
         array_agg(DISTINCT "summary") FILTER (WHERE "trials" > 0 AND NOT ${isListable(trustedSql('"value"'))}) AS "unfit"
    FROM "moved"`;
}

/** The scope of every trial in a set: `scoped(trial_id, scope)`. */
function scopedTrials(source: TrialSource, trialIds: Sql): Sql {
  const from = joinSql([source.from, ...joinsFor(source, [source.scope])], ' ');
  return sql`SELECT ${source.trialId} AS "trial_id", (${source.scope.sql})::text AS "scope" FROM ${from} WHERE ${source.trialId} IN (${trialIds})`;
}

/** Takes revisions off the list: `taken(trial_id, revision)`. */
function takenCte(tables: FieldTables, trialIds: Sql): Sql {
  return sql`"taken" AS (
    DELETE FROM ${tables.uncounted} WHERE "trial_id" IN (${trialIds})
    RETURNING "trial_id", "revision"
  )`;
}

/**
 * From `taken` to `since(trial_id, revision, is_new)`, the first revision of each trial that was not counted (of a new
 * trial nothing was), and to what each key touched since then held when a trial that is not new was last counted:
 * `touched(trial_id, key, value)`, NULL where it was not there. OFFSET 0 keeps the look-up of a trial's revisions from
 * becoming a join, which takes seconds where the statistics know of no revision yet.
 */
function touchedCtes(tables: FieldTables): Sql {
  return sql`"since" AS MATERIALIZED (
    SELECT "trial_id", min("revision") AS "revision", min("revision") = 1 AS "is_new" FROM "taken" GROUP BY "trial_id"
  ), "change" AS (
    SELECT "history".* FROM "since", LATERAL (
      SELECT * FROM ${tables.history} AS "revision"
       WHERE "revision"."trial_id" = "since"."trial_id" AND "revision"."revision" >= "since"."revision" OFFSET 0
    ) AS "history" WHERE NOT "is_new"
  ), "touched" AS MATERIALIZED (
    SELECT DISTINCT ON ("trial_id", "key") "trial_id", "key", "value" FROM (
      SELECT "trial_id", "revision", "key", "value" FROM "change", jsonb_each("replaced")
      UNION ALL SELECT "trial_id", "revision", "key", NULL FROM "change", unnest("added") AS "key"
    ) AS "each" ORDER BY "trial_id", "key", "revision"
  )`;
}

/** Rows of an input: what the touched keys held when their trials were last counted, taken away. */
const TOUCHED_BEFORE = sql`SELECT -1 AS "sign", "scope", ARRAY["key"] AS "path", "value"
    FROM "touched" JOIN "scoped" USING ("trial_id") WHERE "value" IS NOT NULL`;

/**
 * Counts those revisions of a set of trials that are not counted yet: takes them from the list, and moves the known
 * fields and the summaries from what each touched key held when the trial was last counted to what it holds now. To be run
 * alone, under the lock of the counter.
 */
export function countStatement(
  tables: FieldTables,
  source: TrialSource,
  trialIds: Sql,
  summaries: readonly Summary[],
): Sql {
  const input = sql`
    ${TOUCHED_BEFORE}
    UNION ALL
    SELECT 1, "scope", ARRAY["key"], "stored"."metadata" -> "key"
      FROM "touched" JOIN "scoped" USING ("trial_id") JOIN ${tables.metadata} AS "stored" USING ("trial_id")
     WHERE "stored"."metadata" ? "key"
    UNION ALL
    ${heldNow(tables, sql`SELECT "scoped".* FROM "scoped" JOIN "since" USING ("trial_id") WHERE "is_new"`)}`;
  return sql`WITH RECURSIVE ${takenCte(tables, trialIds)}, ${touchedCtes(tables)}, "scoped" AS MATERIALIZED (
    ${scopedTrials(source, sql`SELECT "trial_id" FROM "since"`)}
  ), ${countInput(tables, input, summaries, sql`SELECT count(*) FROM "since"`)}`;
}

/**
 * Takes away all that was counted of a set of trials, and their revisions off the list. In one statement, since a report that
 * came between two would be taken away without ever having been counted.
 */
export function departStatement(
  tables: FieldTables,
  source: TrialSource,
  trialIds: Sql,
  summaries: readonly Summary[],
): Sql {
  const input = sql`
    ${TOUCHED_BEFORE}
    UNION ALL
    SELECT -1, "scope", ARRAY["each"."key"], "each"."value"
      FROM "scoped" JOIN ${tables.metadata} AS "stored" USING ("trial_id"), jsonb_each("stored"."metadata") AS "each"
     WHERE NOT EXISTS (SELECT FROM "touched" WHERE "touched"."trial_id" = "scoped"."trial_id" AND "touched"."key" = "each"."key")
       AND NOT EXISTS (SELECT FROM "since" WHERE "since"."trial_id" = "scoped"."trial_id" AND "is_new")`;
  return sql`WITH RECURSIVE ${takenCte(tables, trialIds)}, ${touchedCtes(tables)}, "scoped" AS MATERIALIZED (
    ${scopedTrials(source, trialIds)}
  ), ${countInput(tables, input, summaries, sql`SELECT count(*) FROM "scoped"`)}`;
}

/** Counts all that the documents of a set of trials hold now, of which nothing is counted. */
export function arriveStatement(
  tables: FieldTables,
  source: TrialSource,
  trialIds: Sql,
  summaries: readonly Summary[],
): Sql {
  return sql`WITH RECURSIVE ${takenCte(tables, trialIds)}, "scoped" AS MATERIALIZED (
    ${scopedTrials(source, trialIds)}
  ), ${countInput(tables, heldNow(tables), summaries, sql`SELECT count(*) FROM "scoped"`)}`;
}

/** What the documents of a set of trials hold, from the documents themselves: rows as those of the known fields. */
export function scanStatement(tables: FieldTables, source: TrialSource, trialIds: Sql): Sql {
  return sql`WITH RECURSIVE "scoped" AS MATERIALIZED (${scopedTrials(source, trialIds)}), ${countedCtes(heldNow(tables))}
    SELECT "scope", "path", "type", "trials" FROM "counted"`;
}

/** Rows of an input: all that the documents of some trials hold. @param trials `(trial_id, scope)`; default: `scoped` */
function heldNow(tables: FieldTables, trials: Sql = sql`SELECT * FROM "scoped"`): Sql {
  return sql`SELECT 1 AS "sign", "scope", ARRAY["key"] AS "path", "value"
    FROM (${trials}) AS "trial" JOIN ${tables.metadata} AS "stored" USING ("trial_id"), jsonb_each("stored"."metadata")`;
}
