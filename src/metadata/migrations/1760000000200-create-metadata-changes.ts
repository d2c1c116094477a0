import type { MigrationInterface, QueryRunner } from 'typeorm';
import { metadataTableNames } from '../storage/metadata-tables.js';
import { withBriefLock } from './brief-lock.js';
import type { MetadataMigrationsOptions } from './metadata-migrations.options.js';

/** The list of changes: every revision, in the order in which other processes follow them. */
export function createMetadataChanges(options: MetadataMigrationsOptions): new () => MigrationInterface {
  const tables = metadataTableNames(options.trial, options.schema);
  return class CreateMetadataChanges1760000000200 implements MigrationInterface {
    readonly name = 'CreateMetadataChanges1760000000200';

    async up(runner: QueryRunner): Promise<void> {
      // Without a value for the rows that are there, so that none of them is written.
      await withBriefLock(runner, `ALTER TABLE ${tables.metadata} ADD COLUMN place bigint`);
      // No foreign key: that a trial changed stays true when it is gone.
      await runner.query(`
        CREATE TABLE ${tables.changes} (
          place bigint NOT NULL,
          trial_id ${tables.trialIdType} NOT NULL,
          revision integer NOT NULL,
          updated_at timestamptz(3) NOT NULL,
          PRIMARY KEY (place, trial_id, revision)
        )`);
      await runner.query(`
        CREATE TABLE ${tables.changesCut} (
          place bigint NOT NULL,
          trial_id ${tables.trialIdType} NOT NULL,
          revision integer NOT NULL
        )`);
      await runner.query(`
        COMMENT ON TABLE ${tables.changesCut} IS 'the last change that was taken off the list, if any was'`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${tables.changesCut}, ${tables.changes}`);
      await runner.query(`ALTER TABLE ${tables.metadata} DROP COLUMN place`);
    }
  };
}
