import { Inject, Injectable } from '@nestjs/common';
import type { JsonType, Path } from '../document/index.js';
import { METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import { bind, joinSql, sql, valueAt } from '../query/index.js';
import type { RunSql } from '../read-only.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { fieldTables, type FieldTables } from './field-tables.js';

/** Documents that are looked at since they wait to be counted, and bytes of them; beyond these it is not worth it. */
const MOST_WAITING = 200;
const MOST_WAITING_BYTES = 1024 * 1024;

/** Tells which types the values of fields have, so that statements need not provide for others. */
@Injectable()
export class FieldTypesService {
  private readonly tables: FieldTables;

  constructor(@Inject(METADATA_TABLE_NAMES) names: MetadataTableNames) {
    this.tables = fieldTables(names);
  }

  /**
   * The types that values at the paths have in any trial, or more: in the snapshot that `run` reads, from the known fields
   * and from the documents that are not counted yet. Both tell of what was written through the plugin.
   * @returns one a path, in their order; undefined when too much waits to be counted
   */
  async list(paths: readonly Path[], run: RunSql): Promise<readonly ReadonlySet<JsonType>[] | undefined> {
    if (paths.length === 0) return [];
    const { uncounted, fields, metadata } = this.tables;
    const asked = paths.map((path, index) => sql`(${bind(index, 'integer')}, ${bind(path, 'text[]')})`);
    const held = paths.map(
      (path, index) => sql`(${bind(index, 'integer')}, jsonb_typeof(${valueAt(sql`"metadata"`, path)}))`,
    );
    const [row] = await run<{ few: boolean; types: readonly (readonly [number, JsonType])[] | null }>(
      sql`WITH "waiting" AS MATERIALIZED (
        SELECT DISTINCT "trial_id" FROM ${uncounted} LIMIT ${bind(MOST_WAITING + 1, 'bigint')}
      ), "stored" AS MATERIALIZED (
        SELECT "metadata", pg_column_size("metadata") AS "bytes" FROM "waiting" JOIN ${metadata} USING ("trial_id")
      ), "sized" AS MATERIALIZED (
        SELECT (SELECT count(*) FROM "waiting") <= ${bind(MOST_WAITING, 'bigint')}
           AND (SELECT coalesce(sum("bytes"), 0) FROM "stored") <= ${bind(MOST_WAITING_BYTES, 'bigint')} AS "few"
      ), "held" AS (
        SELECT "asked"."field", "known"."type" FROM ${fields} AS "known"
          JOIN (VALUES ${joinSql(asked, ', ')}) AS "asked" ("field", "path")
            ON "known"."path_digest" = md5("asked"."path"::text) AND "known"."path" = "asked"."path"
         WHERE "known"."trials" > 0
        UNION
        SELECT "value"."field", "value"."type" FROM "stored", LATERAL (VALUES ${joinSql(held, ', ')}) AS "value" ("field", "type")
         WHERE (SELECT "few" FROM "sized") AND "value"."type" IS NOT NULL
      ) SELECT "few", (SELECT jsonb_agg(jsonb_build_array("field", "type")) FROM "held") AS "types" FROM "sized"`,
    );
    if (row?.few !== true) return undefined;
    const types = paths.map(() => new Set<JsonType>());
    for (const [field, type] of row.types ?? []) types[field]?.add(type);
    return types;
  }
}
