import { bind, sql, trustedSql, type Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';

/** Taken for the transaction: one process at a time shortens the list. */
export const CHANGES_LOCK = sql`SELECT pg_try_advisory_xact_lock(hashtext('trial_metadata_changes retention')) AS "locked"`;

/**
 * Takes the oldest changes that were made before `before` off the list, and notes the last of them. Whole places only, and
 * none that followers may not have been shown yet.
 */
export function cutStatement(tables: MetadataTableNames, before: string, most: number): Sql {
  const [changes, cut] = [trustedSql(tables.changes), trustedSql(tables.changesCut)];
  return sql`WITH "head" AS MATERIALIZED (
    SELECT "place", "updated_at" FROM ${changes} ORDER BY "place", "trial_id", "revision" LIMIT ${bind(most, 'bigint')}
  ), "end" AS MATERIALIZED (
    SELECT least(coalesce(min("place") FILTER (WHERE "updated_at" >= ${bind(before, 'timestamptz')}), max("place") + 1),
                 pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS "place"
      FROM "head"
  ), "gone" AS (
    DELETE FROM ${changes} WHERE "place" < (SELECT "place" FROM "end") RETURNING "place", "trial_id", "revision"
  ), "cleared" AS (
    DELETE FROM ${cut} WHERE EXISTS (SELECT FROM "gone")
  ), "noted" AS (
    INSERT INTO ${cut} ("place", "trial_id", "revision")
    SELECT "place", "trial_id", "revision" FROM "gone" ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT 1
  )
  SELECT count(*)::integer AS "forgotten" FROM "gone"`;
}

const NEXT_TRANSACTION = sql`pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;

/**
 * Whether the list is another server's, from whose dump the database was made: places are ids of that server's
 * transactions then, some of which this one has not reached.
 */
export function isForeignStatement(tables: MetadataTableNames): Sql {
  return sql`SELECT EXISTS (SELECT FROM ${trustedSql(tables.changes)} WHERE "place" >= ${NEXT_TRANSACTION})
      OR EXISTS (SELECT FROM ${trustedSql(tables.changesCut)} WHERE "place" > ${NEXT_TRANSACTION}) AS "foreign"`;
}

/** Begins the list anew, so that every cursor of the other server's list is refused. */
export function beginAnewStatements(tables: MetadataTableNames): readonly Sql[] {
  const cut = trustedSql(tables.changesCut);
  return [
    sql`UPDATE ${trustedSql(tables.metadata)} SET "place" = NULL WHERE "place" >= ${NEXT_TRANSACTION}`,
    sql`WITH "gone" AS (DELETE FROM ${trustedSql(tables.changes)} RETURNING "trial_id", "revision")
      INSERT INTO ${cut} ("place", "trial_id", "revision") SELECT ${NEXT_TRANSACTION}, "trial_id", "revision" FROM "gone" LIMIT 1`,
    sql`UPDATE ${cut} SET "place" = ${NEXT_TRANSACTION}`,
  ];
}
