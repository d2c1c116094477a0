import type { MigrationInterface, QueryRunner } from 'typeorm';
import { metadataTableNames } from '../storage/metadata-tables.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/** The metadata of each trial, its history, and the list of revisions that the known fields do not count yet. */
export function createTrialMetadata(options: MetadataMigrationsOptions): new () => MigrationInterface {
  const tables = metadataTableNames(options.trial, options.schema);
  return class CreateTrialMetadata1750000000100 implements MigrationInterface {
    readonly name = 'CreateTrialMetadata1750000000100';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`
        CREATE TABLE ${tables.metadata} (
          trial_id ${tables.trialIdType} PRIMARY KEY REFERENCES ${tables.trials} (${tables.trialId}) ON DELETE CASCADE,
          metadata jsonb NOT NULL,
          revision integer NOT NULL,
          updated_at timestamptz(3) NOT NULL,
          updated_by text
        )`);
      await runner.query(
        `CREATE INDEX trial_metadata_metadata_idx ON ${tables.metadata} USING gin (metadata jsonb_path_ops)`,
      );
      // Refers to the metadata and not to the trial: a report then locks no row but its own, and cannot meet the
      // deletion of its trial in a deadlock.
      await runner.query(`
        CREATE TABLE ${tables.history} (
          trial_id ${tables.trialIdType} NOT NULL REFERENCES ${tables.metadata} ON DELETE CASCADE,
          revision integer NOT NULL,
          updated_at timestamptz(3) NOT NULL,
          updated_by text,
          source text NOT NULL,
          replaced jsonb NOT NULL,
          added text[] NOT NULL,
          PRIMARY KEY (trial_id, revision)
        )`);
      await runner.query(`
        COMMENT ON COLUMN ${tables.history}.replaced IS 'what each key that the revision changed or removed held before'`);
      await runner.query(`
        COMMENT ON COLUMN ${tables.history}.added IS 'the keys that the revision brought, which were not there before'`);
      // No foreign key: an entry whose trial is gone is dropped when it is counted.
      await runner.query(`
        CREATE TABLE ${tables.uncounted} (
          trial_id ${tables.trialIdType} NOT NULL,
          revision integer NOT NULL,
          PRIMARY KEY (trial_id, revision)
        )`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${tables.uncounted}, ${tables.history}, ${tables.metadata}`);
    }
  };
}
