import { bind, joinSql, sql, trustedSql, type Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { isoTime } from '../storage/write-statement.js';

/** A change's place in the list. */
export interface ChangePlace {
  readonly place: string;
  readonly trialId: string;
  readonly revision: number;
}

/** The list of changes as a whole, in one snapshot. */
export interface ListState {
  /** Transactions below it have ended: changes below it are all there are. */
  readonly settled: string;
  /** Whether changes after the place were taken off, or the place cannot be one of this server. */
  readonly forgotten: boolean;
}

/** @param after undefined: before the first change */
export function listStateStatement(tables: MetadataTableNames, after: ChangePlace | undefined): Sql {
  const cut = trustedSql(tables.changesCut);
  const forgotten =
    after === undefined
      ? sql`EXISTS (SELECT FROM ${cut})`
      : sql`(EXISTS (SELECT FROM ${cut} WHERE ("place", "trial_id", "revision") > ${placeOf(tables, after)})
          OR ${bind(after.place, 'bigint')} >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)`;
  return sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "settled", ${forgotten} AS "forgotten"`;
}

/** The place of the latest change that followers may be shown, whether it is still in the list or was taken off; or no row. */
export function latestStatement(tables: MetadataTableNames): Sql {
  return sql`SELECT "place"::text AS "place", "trial_id"::text AS "trialId", "revision" FROM (
      (SELECT "place", "trial_id", "revision" FROM ${trustedSql(tables.changes)}
        WHERE "place" < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY "place" DESC, "trial_id" DESC, "revision" DESC LIMIT 1)
      UNION ALL (SELECT "place", "trial_id", "revision" FROM ${trustedSql(tables.changesCut)})
    ) AS "known" ORDER BY "known"."place" DESC, "known"."trial_id" DESC, "known"."revision" DESC LIMIT 1`;
}

/** One change of a page. */
export interface ChangeRow {
  readonly place: string;
  readonly trial_id: string;
  readonly revision: number;
  readonly updated_at: string;
  readonly updated_by: string | null;
  /** Null: the history holds the revision no longer. */
  readonly source: string | null;
  /** JSON text: what the keys of the change held before and after it. */
  readonly before: string | null;
  readonly after: string | null;
  /** Whether the trial has lost its metadata, as it does when it is deleted. */
  readonly gone: boolean;
  /** False: the caller may not see the trial. */
  readonly visible: boolean;
}

/** What a page of changes is asked for. */
export interface ChangesPage {
  /** Undefined: from the first change on. */
  readonly after: ChangePlace | undefined;
  /** As the state of the list has it. */
  readonly settled: string;
  /** Whether the caller sees the trial whose id is `"page"."trial_id"`. */
  readonly visible: Sql;
  readonly most: number;
}

/**
 * Changes after a place, in their order, whether visible or not. What a key held after its change is what the next revision
 * that touched it replaced, or else what the document holds now. A revision of a trial that was deleted, and whose id
 * another trial has now, is told from the other's by its time.
 */
export function changesStatement(
  tables: MetadataTableNames,
  { after, settled, visible, most }: ChangesPage,
): Sql {
  const conditions = [sql`"place" < ${bind(settled, 'bigint')}`];
  if (after !== undefined)
    conditions.push(sql`("place", "trial_id", "revision") > ${placeOf(tables, after)}`);
  return sql`WITH "page" AS MATERIALIZED (
    SELECT "place", "trial_id", "revision", "updated_at" FROM ${trustedSql(tables.changes)}
     WHERE ${joinSql(conditions, ' AND ')}
     ORDER BY "place", "trial_id", "revision" LIMIT ${bind(most, 'bigint')}
  ), "seen" AS MATERIALIZED (
    SELECT *, ${visible} AS "visible" FROM "page"
  )
  SELECT "seen"."place"::text AS "place", "seen"."trial_id"::text AS "trial_id", "seen"."revision", "seen"."visible",
         ${trustedSql(isoTime('"seen"."updated_at"'))} AS "updated_at", "made"."updated_by", "made"."source",
         "made"."replaced"::text AS "before", "left"."after"::text AS "after", "stored"."trial_id" IS NULL AS "gone"
    FROM "seen"
    LEFT JOIN ${trustedSql(tables.history)} AS "made" ON "seen"."visible" AND "made"."trial_id" = "seen"."trial_id"
         AND "made"."revision" = "seen"."revision" AND "made"."updated_at" = "seen"."updated_at"
    LEFT JOIN ${trustedSql(tables.metadata)} AS "stored" ON "seen"."visible" AND "stored"."trial_id" = "seen"."trial_id"
    LEFT JOIN LATERAL (${valuesAfter(tables)}) AS "left" ON "made"."revision" IS NOT NULL
   ORDER BY "seen"."place", "seen"."trial_id", "seen"."revision"`;
}

/** An object of the keys that the revision `made` touched, with what each held after it. */
function valuesAfter(tables: MetadataTableNames): Sql {
  return sql`SELECT jsonb_object_agg("key", "value") FILTER (WHERE "value" IS NOT NULL) AS "after" FROM (
      SELECT "key", CASE WHEN "next"."revision" IS NULL THEN "stored"."metadata" -> "key" ELSE "next"."value" END AS "value"
        FROM (SELECT jsonb_object_keys("made"."replaced") UNION ALL SELECT unnest("made"."added")) AS "touched" ("key")
        LEFT JOIN LATERAL (
          SELECT "later"."revision", "later"."replaced" -> "touched"."key" AS "value"
            FROM ${trustedSql(tables.history)} AS "later"
           WHERE "later"."trial_id" = "made"."trial_id" AND "later"."revision" > "made"."revision"
             AND ("later"."replaced" ? "touched"."key" OR "touched"."key" = ANY ("later"."added"))
           ORDER BY "later"."revision" LIMIT 1
        ) AS "next" ON true
    ) AS "each"`;
}

function placeOf({ trialIdType }: MetadataTableNames, { place, trialId, revision }: ChangePlace): Sql {
  return sql`(${bind(place, 'bigint')}, ${bind(trialId, trialIdType)}, ${bind(revision, 'integer')})`;
}
