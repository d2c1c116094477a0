import type { MigrationInterface, QueryRunner } from 'typeorm';
import { metadataTableNames } from '../storage/metadata-tables.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/** The known fields: in how many trials of each scope a path holds a value of each type. */
export function createMetadataFields(options: MetadataMigrationsOptions): new () => MigrationInterface {
  const tables = metadataTableNames(options.trial, options.schema);
  return class CreateMetadataFields1750000000200 implements MigrationInterface {
    readonly name = 'CreateMetadataFields1750000000200';

    async up(runner: QueryRunner): Promise<void> {
      // A path may be longer than an index entry can be, so its digest stands in the key.
      await runner.query(`
        CREATE TABLE ${tables.fields} (
          scope text NOT NULL,
          path_digest text NOT NULL,
          type text NOT NULL,
          path text[] NOT NULL,
          trials bigint NOT NULL,
          PRIMARY KEY (scope, path_digest, type)
        ) WITH (fillfactor = 80)`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${tables.fields}`);
    }
  };
}
