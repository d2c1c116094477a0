import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the master has done once and for all, e.g. filled in the demo. */
export class CreateMasterMarks1750000000200 implements MigrationInterface {
  readonly name = 'CreateMasterMarks1750000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE master_marks (name text PRIMARY KEY, made_at timestamptz NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE master_marks`);
  }
}
