import { DataSource } from 'typeorm';
import { masterMigrations } from '../src/master/database/migrations.js';
import { runMigrationsInTurn } from '../src/metadata/index.js';
import { createTestDatabase } from './support/index.js';
import { pgBouncerVersion, startPgBouncer } from './support/pgbouncer.js';
import { testServer } from './support/test-server-address.js';

/** Suites that must hold behind a pooler just as well. */
const SUITES = [
  './metadata-batch.e2e-spec.js',
  './metadata-history.e2e-spec.js',
  './known-fields.e2e-spec.js',
  './search.e2e-spec.js',
  './changes-events.e2e-spec.js',
  './analysis-export.e2e-spec.js',
];

const VIA = 'TEST_DATABASE_VIA';
const version = pgBouncerVersion();

if (version === undefined) {
  describe('behind PgBouncer', () => {
    it.skip('nothing is tried: there is no pgbouncer here (Debian: apt-get install pgbouncer)', () =>
      undefined);
  });
} else {
  const pooler = await startPgBouncer(testServer().adminUrl);
  process.env[VIA] = pooler.address;
  afterAll(() => pooler.close());

  describe(`behind PgBouncer ${version} in transaction mode`, () => {
    it('masters that start at once take turns to migrate, and leave no lock behind', async () => {
      const database = await createTestDatabase({ empty: true });
      const open = () =>
        new DataSource({ type: 'postgres', url: database.url, migrations: masterMigrations }).initialize();
      const replicas = await Promise.all([1, 2, 3, 4].map(open));
      const done = await Promise.all(replicas.map((replica) => runMigrationsInTurn(replica)));
      expect(done.filter((names) => names.length > 0)).toHaveLength(1);
      const [first] = replicas as [DataSource];
      expect(
        await first.query(
          `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()`,
        ),
      ).toEqual([]);
      for (const replica of replicas) await replica.destroy();
      await database.dispose();
    });

    it('is really what the tests go through', async () => {
      const database = await createTestDatabase();
      expect(new URL(database.url).host).toBe(pooler.address);
      const dataSource = await new DataSource({
        type: 'postgres',
        url: database.url,
        poolSize: 20,
      }).initialize();
      const pids = await Promise.all(
        Array.from({ length: 200 }, () =>
          dataSource.query('SELECT pg_backend_pid() AS pid, pg_sleep(0.001)'),
        ),
      );
      const backends = new Set(pids.map(([row]: [{ pid: number }]) => row.pid));
      expect(backends.size).toBeLessThanOrEqual(8);
      await dataSource.destroy();
      await database.dispose();
    });
  });

  // Their blocks stand beside this one: a block cannot wait.
  for (const suite of SUITES) await import(suite);
}
