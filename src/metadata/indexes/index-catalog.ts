import { createHash } from 'node:crypto';
import { formatPath, type Path } from '../document/index.js';
import {
  identifier,
  isIndexable,
  isTooLarge,
  literalValueAt,
  shareOfPages,
  sql,
  tableConstant,
  trustedSql,
  type Sql,
} from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { formatAdvisorNote, type AdvisorNote } from './advisor-note.js';

/** How the indexes of fields are called, before the digest of their path. */
const VALUES_PREFIX = 'trial_metadata_field_';
const LARGE_PREFIX = 'trial_metadata_large_';
/** The trigram index on the strings; made by a migration where the server has pg_trgm. */
export const TEXTS_INDEX = 'trial_metadata_texts_idx';

/** Both indexes of a field: of its values, and of the trials whose value is too large for the first one. */
export interface FieldIndexNames {
  readonly values: string;
  readonly large: string;
}

export function fieldIndexNames(path: Path): FieldIndexNames {
  const digest = createHash('sha256').update(formatPath(path)).digest('hex').slice(0, 16);
  return { values: VALUES_PREFIX + digest, large: LARGE_PREFIX + digest };
}

/** What makes the indexes of a field, without keeping writers waiting. The second one is empty as a rule. */
export function createStatements(tables: MetadataTableNames, path: Path): readonly Sql[] {
  const names = fieldIndexNames(path);
  const value = literalValueAt(sql`metadata`, path);
  const table = trustedSql(tables.metadata);
  return [
    sql`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${identifier(names.large)} ON ${table} (trial_id) WHERE ${isTooLarge(value)}`,
    sql`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${identifier(names.values)} ON ${table} (${value}, trial_id) WHERE ${isIndexable(value)}`,
    // The planner learns how the values are spread.
    sql`ANALYZE ${table}`,
  ];
}

/** What takes an index away again, without keeping anybody waiting. */
export function dropStatement(tables: MetadataTableNames, name: string): Sql {
  return sql`DROP INDEX CONCURRENTLY IF EXISTS ${indexNamed(tables, name)}`;
}

/** What writes the advisor's note on the index of a field, or takes it away. */
export function noteStatement(tables: MetadataTableNames, path: Path, note: AdvisorNote | undefined): Sql {
  const comment = note === undefined ? sql`NULL` : trustedSql(`'${formatAdvisorNote(note)}'`);
  return sql`COMMENT ON INDEX ${indexNamed(tables, fieldIndexNames(path).values)} IS ${comment}`;
}

function indexNamed(tables: MetadataTableNames, name: string): Sql {
  const schema = /^("(?:[^"]|"")*"\.)"(?:[^"]|"")*"$/.exec(tables.metadata)?.[1] ?? '';
  return sql`${trustedSql(schema)}${identifier(name)}`;
}

/**
 * Asks to be the only process that builds or drops indexes of these tables, until the transaction ends: a row with
 * `locked`.
 */
export function lockStatement(tables: MetadataTableNames): Sql {
  const table = sql`${tableConstant(trustedSql(tables.metadata))}::oid::integer`;
  return sql`SELECT pg_try_advisory_xact_lock(hashtext('trial_metadata indexes'), ${table}) AS "locked"`;
}

/** Breaks off the building of an index of these tables, whoever of the database's sessions is at it. */
export function breakOffStatement(tables: MetadataTableNames): Sql {
  return sql`SELECT pg_cancel_backend("build"."pid")
    FROM pg_stat_progress_create_index AS "build" JOIN pg_class AS "class" ON "class"."oid" = "build"."index_relid"
    WHERE "build"."relid" = ${tableConstant(trustedSql(tables.metadata))}
      AND ("class"."relname" LIKE 'trial\\_metadata\\_field\\_%' OR "class"."relname" LIKE 'trial\\_metadata\\_large\\_%')`;
}

/** Pages of the table that an estimate looks at. */
const SAMPLED_PAGES = trustedSql('100');
/** Bytes of an entry beside its value: its head, the trial id and what a page keeps free. */
const ENTRY_BYTES = trustedSql('32');

/** About how many `bytes` the index of a field would have, from a sample of the table. */
export function estimateStatement(tables: MetadataTableNames, path: Path): Sql {
  const table = trustedSql(tables.metadata);
  const share = shareOfPages(table, SAMPLED_PAGES);
  return sql`SELECT coalesce(sum(pg_column_size("value") + ${ENTRY_BYTES}), 0) / ${share} AS "bytes"
    FROM (SELECT ${literalValueAt(sql`metadata`, path)} AS "value" FROM ${table} TABLESAMPLE SYSTEM (100 * ${share}) OFFSET 0) AS "sampled"
    WHERE "value" IS NOT NULL`;
}

/** An index as the catalog has it. */
export interface CatalogRow {
  readonly name: string;
  readonly valid: boolean;
  /** The first column's expression. */
  readonly expression: string;
  readonly bytes: string;
  /** How often a query used it. */
  readonly scans: string | null;
  /** When one last did; null where the server, before 16, does not keep it, or none did. */
  readonly scannedAt: string | null;
  /** From 0 to 1; null when no session builds it. */
  readonly progress: number | null;
  readonly comment: string | null;
}

/** The plugin's own indexes on the table of metadata. @param withSizes whether to look up what costs more */
export function catalogStatement(tables: MetadataTableNames, withSizes: boolean): Sql {
  const facts = withSizes
    ? sql`pg_relation_size("class"."oid")::text AS "bytes", "use"."idx_scan"::text AS "scans",
        to_jsonb("use") ->> 'last_idx_scan' AS "scannedAt", obj_description("class"."oid", 'pg_class') AS "comment",
        CASE WHEN "build"."pid" IS NULL THEN NULL ELSE coalesce("build"."blocks_done"::float8 / nullif("build"."blocks_total", 0), 0) END AS "progress"`
    : sql`'0' AS "bytes", NULL AS "scans", NULL AS "scannedAt", NULL AS "comment", NULL AS "progress"`;
  const joins = withSizes
    ? sql`LEFT JOIN pg_stat_all_indexes AS "use" ON "use"."indexrelid" = "class"."oid" LEFT JOIN pg_stat_progress_create_index AS "build" ON "build"."index_relid" = "class"."oid"`
    : sql``;
  return sql`SELECT "class"."relname" AS "name", "index"."indisvalid" AS "valid",
      pg_get_indexdef("class"."oid", 1, false) AS "expression", ${facts}
    FROM pg_index AS "index" JOIN pg_class AS "class" ON "class"."oid" = "index"."indexrelid" ${joins}
    WHERE "index"."indrelid" = ${tableConstant(trustedSql(tables.metadata))} AND "class"."relname" LIKE 'trial\\_metadata\\_%'
    ORDER BY 1`;
}

/** The path of an index of values; undefined for any other index. */
export function pathOfIndex({ name, expression }: Pick<CatalogRow, 'name' | 'expression'>): Path | undefined {
  if (!name.startsWith(VALUES_PREFIX)) return undefined;
  const path = [...expression.matchAll(/ -> (E?)'((?:[^']|'')*)'::text/g)].map(([, escaped, text = '']) => {
    const unquoted = text.replaceAll("''", "'");
    return escaped === 'E' ? unquoted.replaceAll('\\\\', '\\') : unquoted;
  });
  // An index that somebody made by hand under such a name may be on anything.
  return path.length > 0 && fieldIndexNames(path).values === name ? path : undefined;
}
