import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { METADATA_DATA_SOURCE, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { MetadataTableNames } from './metadata-tables.js';

/** What the catalog knows of the tables that the module was given. */
interface CatalogRow {
  /** As PostgreSQL calls it; null where there is no such column. */
  readonly idType: string | null;
  readonly hasTrials: boolean;
  /** Of the plugin's tables, those that are not there. */
  readonly missing: readonly string[];
}

/** A domain counts as the type that it is of. */
const CATALOG = `SELECT to_regclass($1) IS NOT NULL AS "hasTrials",
    (SELECT format_type(coalesce(nullif("type"."typbasetype", 0), "type"."oid"), NULL)
       FROM pg_attribute AS "column" JOIN pg_type AS "type" ON "type"."oid" = "column"."atttypid"
      WHERE "attrelid" = to_regclass($1) AND '"' || replace("attname", '"', '""') || '"' = $2 AND "attnum" > 0) AS "idType",
    ARRAY(SELECT "name" FROM unnest($3::text[]) AS "name" WHERE to_regclass("name") IS NULL) AS "missing"`;

/** What a column may be said to be; what else it is, as a domain of domains, is left open. */
const ID_TYPES: readonly (string | null)[] = ['smallint', 'integer', 'bigint', 'uuid'];

/**
 * Looks at the start whether the tables are there that the options name: else the first request would fail, with an error of
 * PostgreSQL that names no option. It is told in the log and stops nothing, since migrations may come later.
 */
@Injectable()
export class SchemaCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(SchemaCheck.name);

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const row = await this.look();
    const fault = row === undefined ? undefined : this.faultOf(row);
    if (fault !== undefined) this.logger.error(fault);
  }

  private faultOf({ hasTrials, idType, missing }: CatalogRow): string | undefined {
    const { trials, trialId, trialIdType } = this.tables;
    if (!hasTrials) return `There is no table ${trials}. The option trial names it; or run your migrations.`;
    if (idType === null) return `${trials} has no column ${trialId}. The option trial names it.`;
    // Whole numbers of another size are found all the same.
    if (ID_TYPES.includes(idType) && (idType === 'uuid') !== (trialIdType === 'uuid')) {
      const advice = `Say so in the option trial, here and in metadataMigrations: type: '${idType}'.`;
      return `${trials}.${trialId} is of type ${idType}, not ${trialIdType}. ${advice}`;
    }
    if (missing.length === 0) return undefined;
    const advice =
      'Run the migrations of metadataMigrations; where they have the option schema, MetadataModule needs the same.';
    return `There is no table ${missing.join(', ')}. ${advice}`;
  }

  /** Undefined where the database does not answer: what needs it will say so. */
  private async look(): Promise<CatalogRow | undefined> {
    const {
      trials,
      trialId,
      metadata,
      history,
      uncounted,
      changes,
      changesCut,
      fields,
      summaries,
      summaryValues,
    } = this.tables;
    const own = [metadata, history, uncounted, changes, changesCut, fields, summaries, summaryValues];
    try {
      const rows = await this.dataSource.query<readonly CatalogRow[]>(CATALOG, [trials, trialId, own]);
      return rows[0];
    } catch {
      return undefined;
    }
  }
}
