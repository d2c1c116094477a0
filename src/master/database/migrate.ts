import type { MixedList } from 'typeorm';
import { DataSource } from 'typeorm';
import { takeTurn } from './take-turn.js';

/**
 * Brings the schema up to date. Masters that start at the same time on one database take turns.
 *
 * @returns the names of the migrations that were run now.
 */
export async function migrate(
  url: string,
  migrations: MixedList<new () => object>,
): Promise<readonly string[]> {
  return await takeTurn(url, async () => {
    const dataSource = new DataSource({ type: 'postgres', url, migrations, installExtensions: false });
    await dataSource.initialize();
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  });
}
