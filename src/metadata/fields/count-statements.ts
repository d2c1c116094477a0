import { bind, joinSql, joinsFor, sql, type Sql, type TrialSource } from '../query/index.js';
import type { FieldTables } from './field-tables.js';

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

/** The scope of every trial in a set: `scoped(trial_id, scope)`. */
function scopedTrials(source: TrialSource, trialIds: Sql): Sql {
  const from = joinSql([source.from, ...joinsFor(source, [source.scope])], ' ');
  return sql`SELECT ${source.trialId} AS "trial_id", (${source.scope.sql})::text AS "scope" FROM ${from} WHERE ${source.trialId} IN (${trialIds})`;
}

/**
 * Counts those revisions of a set of trials that are not counted yet: takes them from the list, and moves the known
 * fields from what each touched key held when the trial was last counted to what it holds now. Answers `taken`, the
 * number of trials. To be run alone, under the lock of the counter.
 */
export function countStatement(tables: FieldTables, source: TrialSource, trialIds: Sql): Sql {
  const input = sql`
    SELECT -1 AS "sign", "scope", ARRAY["key"] AS "path", "value" FROM "touched" JOIN "scoped" USING ("trial_id") WHERE "value" IS NOT NULL
    UNION ALL
    SELECT 1, "scope", ARRAY["key"], "stored"."metadata" -> "key"
      FROM "touched" JOIN "scoped" USING ("trial_id") JOIN ${tables.metadata} AS "stored" USING ("trial_id")
     WHERE "stored"."metadata" ? "key"`;
  return sql`WITH RECURSIVE "taken" AS (
    DELETE FROM ${tables.uncounted} WHERE "trial_id" IN (${trialIds})
    RETURNING "trial_id", "revision"
  ), "since" AS MATERIALIZED (
    SELECT "trial_id", min("revision") AS "revision" FROM "taken" GROUP BY "trial_id"
  ), "scoped" AS MATERIALIZED (
    ${scopedTrials(source, sql`SELECT "trial_id" FROM "since"`)}
  ), "change" AS (
    SELECT "history".* FROM "since" JOIN ${tables.history} AS "history" USING ("trial_id") WHERE "history"."revision" >= "since"."revision"
  ), "touched" AS MATERIALIZED (
    SELECT DISTINCT ON ("trial_id", "key") "trial_id", "key", "value" FROM (
      SELECT "trial_id", "revision", "key", "value" FROM "change", jsonb_each("replaced")
      UNION ALL SELECT "trial_id", "revision", "key", NULL FROM "change", unnest("added") AS "key"
    ) AS "each" ORDER BY "trial_id", "key", "revision"
  ), ${countedCtes(input)}, "summed" AS (${addCounted(tables)})
  SELECT count(*) AS "taken" FROM "since"`;
}

/** Adds (`sign` 1) or takes away (-1) all that the documents of a set of trials hold now. */
export function shiftStatement(tables: FieldTables, source: TrialSource, trialIds: Sql, sign: 1 | -1): Sql {
  const input = sql`SELECT ${bind(sign, 'integer')} AS "sign", "scope", ARRAY["key"] AS "path", "value"
    FROM "scoped" JOIN ${tables.metadata} AS "stored" USING ("trial_id"), jsonb_each("stored"."metadata")`;
  return sql`WITH RECURSIVE "scoped" AS MATERIALIZED (${scopedTrials(source, trialIds)}), ${countedCtes(input)} ${addCounted(tables)}`;
}

/** What the documents of a set of trials hold, from the documents themselves: rows as those of the known fields. */
export function scanStatement(tables: FieldTables, source: TrialSource, trialIds: Sql): Sql {
  const input = sql`SELECT 1 AS "sign", "scope", ARRAY["key"] AS "path", "value"
    FROM "scoped" JOIN ${tables.metadata} AS "stored" USING ("trial_id"), jsonb_each("stored"."metadata")`;
  return sql`WITH RECURSIVE "scoped" AS MATERIALIZED (${scopedTrials(source, trialIds)}), ${countedCtes(input)}
    SELECT "scope", "path", "type", "trials" FROM "counted"`;
}
