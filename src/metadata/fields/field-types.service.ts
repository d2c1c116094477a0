import { Inject, Injectable } from '@nestjs/common';
import type { JsonType, Path } from '../document/index.js';
import { METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import { bind, joinSql, sql, valueAt } from '../query/index.js';
import type { RunSql } from '../read-only.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { fieldTables, type FieldTables } from './field-tables.js';

/** Trials whose documents are looked at since they wait to be counted; beyond these it is not worth it. */
const MOST_WAITING = 1_000;

/** Tells which types the values of fields have, so that statements need not provide for others. */
@Injectable()
export class FieldTypesService {
  private readonly tables: FieldTables;

  constructor(@Inject(METADATA_TABLE_NAMES) names: MetadataTableNames) {
    this.tables = fieldTables(names);
  }

  /**
   * The types that values at the paths have in any trial, or more: in the snapshot that `run` reads, from the known fields
   * and from the documents that are not counted yet.
   * @returns one a path, in their order; undefined when too many documents wait to be counted
   */
  async list(paths: readonly Path[], run: RunSql): Promise<readonly ReadonlySet<JsonType>[] | undefined> {
    if (paths.length === 0) return [];
    const { uncounted, fields, metadata } = this.tables;
    const counted = paths.map((path, index) => {
      const at = bind(path, 'text[]');
      return sql`SELECT ${bind(index, 'integer')} AS "field", "type" FROM ${fields}
        WHERE "path_digest" = md5((${at})::text) AND "path" = ${at} AND "trials" > 0`;
    });
    const held = paths.map(
      (path, index) =>
        sql`SELECT ${bind(index, 'integer')}, jsonb_typeof(${valueAt(sql`"stored"."metadata"`, path)})
          FROM "waiting" JOIN ${metadata} AS "stored" USING ("trial_id")`,
    );
    const [row] = await run<{ waiting: number; types: readonly (readonly [number, JsonType])[] | null }>(
      sql`WITH "waiting" AS MATERIALIZED (
        SELECT DISTINCT "trial_id" FROM ${uncounted} LIMIT ${bind(MOST_WAITING + 1, 'bigint')}
      ) SELECT (SELECT count(*)::integer FROM "waiting") AS "waiting",
          jsonb_agg(DISTINCT jsonb_build_array("field", "type")) AS "types"
        FROM (${joinSql([...counted, ...held], ' UNION ALL ')}) AS "held" WHERE "type" IS NOT NULL`,
    );
    if (row === undefined || row.waiting > MOST_WAITING) return undefined;
    const types = paths.map(() => new Set<JsonType>());
    for (const [field, type] of row.types ?? []) types[field]?.add(type);
    return types;
  }
}
