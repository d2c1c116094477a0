import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { DataSource, type QueryRunner } from 'typeorm';
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

  /** Runs the work until aborted. @param through what stands between it and the database */
  function running<T>(
    signal: AbortSignal,
    work: (run: RunSql) => Promise<T>,
    { source = dataSource, through = (run: RunSql): RunSql => run } = {},
  ): Promise<T> {
    return readReplica(source, 60_000, (run) => runUntilAborted(source, through(run), signal, work));
  }

  /** Waits until a cancellation that is sent after this call was answered. */
  async function cancellation(): Promise<void> {
    const create = dataSource.createQueryRunner.bind(dataSource);
    const queries: jest.SpiedFunction<QueryRunner['query']>[] = [];
    jest.spyOn(dataSource, 'createQueryRunner').mockImplementation((mode) => {
      const runner = create(mode);
      queries.push(jest.spyOn(runner, 'query'));
      return runner;
    });
    for (;;) {
      for (const { mock } of queries) {
        const sent = mock.calls.findIndex(([text]) => text.includes('pg_cancel_backend'));
        if (sent < 0) continue;
        await mock.results[sent]?.value;
        return;
      }
      await sleep(10);
    }
  }

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('gives what the work gives', async () => {
    const rows = await running(new AbortController().signal, (run) => run(sql`SELECT 1 AS one`));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('cancels the statement that runs, and begins no other', async () => {
    const gone = new AbortController();
    const ended = running(gone.signal, async (run) => {
      await run(sql`SELECT pg_sleep(50)`).catch(() => undefined);
      return run(sql`SELECT 1`);
    });
    while ((await dataSource.query(SLEEPING)).length === 0) await sleep(10);
    gone.abort();
    await expect(ended).rejects.toThrow('abort');
  });

  it('cancels a statement that reaches the server after the first cancellation', async () => {
    const gone = new AbortController();
    const cancelled = cancellation();
    const through =
      (run: RunSql): RunSql =>
      async (statement) => {
        if (statement.toPositional().text.includes('pg_sleep')) {
          gone.abort();
          await cancelled;
        }
        return run(statement);
      };
    await expect(running(gone.signal, (run) => run(sql`SELECT pg_sleep(50)`), { through })).rejects.toThrow(
      'abort',
    );
  });

  it('waits for no connection to cancel by when it has the only one itself', async () => {
    const narrow = await new DataSource({ type: 'postgres', url: database.url, poolSize: 1 }).initialize();
    try {
      const gone = new AbortController();
      const ended = running(
        gone.signal,
        async (run) => {
          const slept = run(sql`SELECT pg_sleep(0.5)`);
          gone.abort();
          await slept;
          return run(sql`SELECT 1`);
        },
        { source: narrow },
      );
      await expect(ended).rejects.toThrow('abort');
      expect(await narrow.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await narrow.destroy();
    }
  });
});
