import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For searches: the trials by their start, and the archived ones, which every search leaves out. */
export class IndexForSearches1750000000400 implements MigrationInterface {
  readonly name = 'IndexForSearches1750000000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX trials_start_time_id_idx ON trials (start_time, id)');
    await runner.query('CREATE INDEX experiments_archived_idx ON experiments (id) WHERE archived');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX trials_start_time_id_idx, experiments_archived_idx');
  }
}
