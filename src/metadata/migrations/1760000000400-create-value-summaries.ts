import type { MigrationInterface, QueryRunner } from 'typeorm';
import { metadataTableNames } from '../storage/metadata-tables.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/** The value summaries: the most frequent values of fields that are asked for, with in how many trials each is. */
export function createValueSummaries(options: MetadataMigrationsOptions): new () => MigrationInterface {
  const tables = metadataTableNames(options.trial, options.schema);
  return class CreateValueSummaries1760000000400 implements MigrationInterface {
    readonly name = 'CreateValueSummaries1760000000400';

    async up(runner: QueryRunner): Promise<void> {
      // A path may be longer than an index entry can be, so the key is a digest of scope and path.
      await runner.query(`
        CREATE TABLE ${tables.summaries} (
          summary text PRIMARY KEY,
          scope text,
          path text[] NOT NULL,
          build text NOT NULL,
          begun_at timestamptz(3) NOT NULL,
          asked_at timestamptz(3) NOT NULL,
          ready boolean NOT NULL,
          complete boolean NOT NULL,
          last_trials bigint,
          last_value jsonb
        )`);
      await runner.query(`
        COMMENT ON COLUMN ${tables.summaries}.last_trials IS 'with last_value: every value up to this place in the order is listed'`);
      await runner.query(`
        CREATE TABLE ${tables.summaryValues} (
          summary text NOT NULL REFERENCES ${tables.summaries} ON DELETE CASCADE,
          value jsonb NOT NULL,
          trials bigint NOT NULL,
          listed boolean NOT NULL,
          PRIMARY KEY (summary, value)
        ) WITH (fillfactor = 80)`);
      await runner.query(`
        COMMENT ON COLUMN ${tables.summaryValues}.listed IS 'false: a change of the count, of a value whose count is not known yet'`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${tables.summaryValues}, ${tables.summaries}`);
    }
  };
}
