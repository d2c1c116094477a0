import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { runUntilAborted } from '../../src/experiments/analysis/run-until-aborted.js';
import { readReplica, sql, type RunSql } from '../../src/metadata/index.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const SLEEPING = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`;

describe('runUntilAborted', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    dataSource = await new DataSource({ type: 'postgres', url: database.url, poolSize: 3 }).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  /** What the work gives, and what becomes of it when it is aborted in the middle. */
  function running<T>(
    signal: AbortSignal,
    work: (run: RunSql) => Promise<T>,
    through: (run: RunSql) => RunSql = (run) => run,
  ): Promise<T> {
    return readReplica(dataSource, 60_000, (run) => runUntilAborted(dataSource, through(run), signal, work));
  }

  it('gives what the work gives', async () => {
    const rows = await running(new AbortController().signal, (run) => run(sql`SELECT 1 AS one`));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('cancels the statement that runs, and begins no other', async () => {
    const gone = new AbortController();
    const ended = running(gone.signal, (run) => run(sql`SELECT pg_sleep(50)`));
    while ((await dataSource.query(SLEEPING)).length === 0) await sleep(10);
    gone.abort();
    await expect(ended).rejects.toThrow('abort');
    await expect(running(gone.signal, (run) => run(sql`SELECT 1`))).rejects.toThrow('abort');
  });

  it('cancels a statement that reaches the server after the first cancellation', async () => {
    const gone = new AbortController();
    const ended = running(
      gone.signal,
      (run) => run(sql`SELECT pg_sleep(50)`),
      (run) => async (statement) => {
        if (statement.toPositional().text.includes('pg_sleep')) {
          gone.abort();
          await sleep(300);
        }
        return run(statement);
      },
    );
    await expect(ended).rejects.toThrow('abort');
    // The connection goes on to others without a cancellation that was not for them.
    const again = await Promise.all([1, 2, 3].map(() => dataSource.query('SELECT 1 AS one')));
    expect(again).toEqual(Array(3).fill([{ one: 1 }]));
  });
});
