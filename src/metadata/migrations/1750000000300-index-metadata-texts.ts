import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TEXTS_INDEX, trigramOperatorsStatement, type TrigramOperators } from '../indexes/index-catalog.js';
import { textsOf, trustedSql } from '../query/index.js';
import { metadataTableNames } from '../storage/metadata-tables.js';
import { buildIndex } from './build-index.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/**
 * A trigram index on the strings of each document, which serves `contains` on any field. A server without pg_trgm goes
 * without it, and reads the documents instead.
 */
export function indexMetadataTexts(options: MetadataMigrationsOptions): new () => MigrationInterface {
  const tables = metadataTableNames(options.trial, options.schema);
  return class IndexMetadataTexts1750000000300 implements MigrationInterface {
    readonly name = 'IndexMetadataTexts1750000000300';

    async up(runner: QueryRunner): Promise<void> {
      // In a block, so that a refusal does not break the migration's transaction off.
      await runner.query(`
        DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
        EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'pg_trgm cannot be had: %', SQLERRM; END $$`);
      const rows: unknown = await runner.query(trigramOperatorsStatement().toPositional().text);
      const [found] = rows as readonly TrigramOperators[]; // its rows, whatever the types say
      if (found === undefined) return;
      const { text } = textsOf(trustedSql('metadata')).toPositional();
      const definition = `USING gin ((${text}) ${found.operators})`;
      await buildIndex(runner, { name: TEXTS_INDEX, table: tables.metadata, definition });
    }

    async down(runner: QueryRunner): Promise<void> {
      const schema = options.schema === undefined ? '' : `"${options.schema.replaceAll('"', '""')}".`;
      // The extension stays: others may use it.
      await runner.query(`DROP INDEX IF EXISTS ${schema}${TEXTS_INDEX}`);
    }
  };
}
