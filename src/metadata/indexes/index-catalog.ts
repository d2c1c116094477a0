import { createHash } from 'node:crypto';
import { formatPath } from '../document/index.js';
import { TextIndexesUnavailableError } from '../metadata.errors.js';
import {
  fieldTextOf,
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
import type { IndexKind, IndexTarget } from './index-target.js';

/** How the indexes of fields are called, before the digest of their path. */
const PREFIXES: Readonly<Record<IndexKind, string>> = {
  values: 'trial_metadata_field_',
  texts: 'trial_metadata_text_',
};
const LARGE_PREFIX = 'trial_metadata_large_';
/** The trigram index on the strings; made by a migration where the server has pg_trgm. */
export const TEXTS_INDEX = 'trial_metadata_texts_idx';

/**
 * The indexes that are made for one: the index itself, and beside that of values the one of the trials whose value is too
 * large for it.
 */
export function indexNames({ path, kind }: IndexTarget): readonly [string, ...string[]] {
  const digest = createHash('sha256').update(formatPath(path)).digest('hex').slice(0, 16);
  const name = PREFIXES[kind] + digest;
  return kind === 'values' ? [name, LARGE_PREFIX + digest] : [name];
}

/**
 * What makes the index of a field, without keeping writers waiting.
 * @param trigrams undefined where there are none
 * @throws TextIndexesUnavailableError
 */
export function createStatements(
  tables: MetadataTableNames,
  target: IndexTarget,
  trigrams: TrigramOperators | undefined,
): readonly Sql[] {
  const table = trustedSql(tables.metadata);
  const value = literalValueAt(sql`metadata`, target.path);
  const [name, ...beside] = indexNames(target);
  const create = (index: string) =>
    sql`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${identifier(index)} ON ${table}`;
  // The planner learns how the values, or the texts, are spread.
  const analyze = sql`ANALYZE ${table}`;
  if (target.kind === 'texts') {
    if (trigrams === undefined) throw new TextIndexesUnavailableError();
    return [
      sql`${create(name)} USING gin ((${fieldTextOf(value)}) ${trustedSql(trigrams.operators)})`,
      analyze,
    ];
  }
  return [
    // Empty as a rule.
    ...beside.map((large) => sql`${create(large)} (trial_id) WHERE ${isTooLarge(value)}`),
    sql`${create(name)} (${value}, trial_id) WHERE ${isIndexable(value)}`,
    analyze,
  ];
}

/** A row of {@link trigramOperatorsStatement}. */
export interface TrigramOperators {
  /** The operator class of trigrams, with its schema. */
  readonly operators: string;
}

/** Gives no row where the extension is not there. */
export function trigramOperatorsStatement(): Sql {
  return sql`SELECT quote_ident("nspname") || '.gin_trgm_ops' AS "operators"
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm'`;
}

/** What takes an index away again, without keeping anybody waiting. */
export function dropStatement(tables: MetadataTableNames, name: string): Sql {
  return sql`DROP INDEX CONCURRENTLY IF EXISTS ${indexNamed(tables, name)}`;
}

/** What writes the advisor's note on the index of a field, or takes it away. */
export function noteStatement(
  tables: MetadataTableNames,
  target: IndexTarget,
  note: AdvisorNote | undefined,
): Sql {
  const comment = note === undefined ? sql`NULL` : trustedSql(`'${formatAdvisorNote(note)}'`);
  return sql`COMMENT ON INDEX ${indexNamed(tables, indexNames(target)[0])} IS ${comment}`;
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
      AND "class"."relname" LIKE ANY (ARRAY['trial\\_metadata\\_field\\_%', 'trial\\_metadata\\_large\\_%', 'trial\\_metadata\\_text\\_%'])`;
}

/** Pages of the table that an estimate looks at. */
const SAMPLED_PAGES = trustedSql('100');
/**
 * Bytes of a value in an index: in that of values beside the value itself its head, the trial id and what a page keeps free;
 * in that of texts two and a half for each byte of its JSON (measured: 130 of 52 in notes), as far as new trigrams come.
 */
const ENTRY: Readonly<Record<IndexKind, Sql>> = {
  values: sql`pg_column_size("value") + 32`,
  texts: sql`2.5 * least(octet_length("value"::text), 4096)`,
};

/** About how many `bytes` the index of a field would have, from a sample of the table. */
export function estimateStatement(tables: MetadataTableNames, { path, kind }: IndexTarget): Sql {
  const table = trustedSql(tables.metadata);
  const share = shareOfPages(table, SAMPLED_PAGES);
  return sql`SELECT coalesce(sum(${ENTRY[kind]}), 0) / ${share} AS "bytes"
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

/** What an index is of; undefined for any that is none of a field's. */
export function targetOfIndex({
  name,
  expression,
}: Pick<CatalogRow, 'name' | 'expression'>): IndexTarget | undefined {
  const keys = [...expression.matchAll(/ -> (E?)'((?:[^']|'')*)'::text/g)].map(([, escaped, text = '']) => {
    const unquoted = text.replaceAll("''", "'");
    return escaped === 'E' ? unquoted.replaceAll('\\\\', '\\') : unquoted;
  });
  const targets: readonly IndexTarget[] = [
    { path: keys, kind: 'values' },
    // The value is there twice.
    { path: keys.slice(0, keys.length / 2), kind: 'texts' },
  ];
  // An index that somebody made by hand under such a name may be on anything.
  return targets.find((target) => target.path.length > 0 && indexNames(target)[0] === name);
}
