import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The host's own tables of trials and experiments, in a schema of its own. */
export class CreateRuns1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA lab');
    await runner.query(`
      CREATE TABLE lab.studies (
        study_no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE lab.training_runs (
        run_key uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        team text NOT NULL,
        title text NOT NULL,
        study_no integer REFERENCES lab.studies ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX training_runs_team_idx ON lab.training_runs (team)');
    await runner.query('CREATE INDEX training_runs_study_idx ON lab.training_runs (study_no)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA lab CASCADE');
  }
}
