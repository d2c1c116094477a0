import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex } from '../../metadata/index.js';

/** The archived trials, which are left out of totals that come from summaries. */
export class IndexArchivedTrials1760000000500 implements MigrationInterface {
  readonly name = 'IndexArchivedTrials1760000000500';

  async up(runner: QueryRunner): Promise<void> {
    await buildIndex(runner, {
      name: 'trials_archived_idx',
      table: 'trials',
      definition: '(id) WHERE archived',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX trials_archived_idx');
  }
}
