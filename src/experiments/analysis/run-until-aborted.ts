import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { openReader, trustedSql, type RunSql } from '../../metadata/index.js';

/** Milliseconds between two cancellations: one that comes before the statement it is meant for does nothing. */
const CANCEL_INTERVAL = 100;

interface Backend {
  readonly pid: number;
  readonly start: string;
}

/**
 * Lets work run statements until the signal is aborted: then the statement that runs is cancelled in the database, and
 * no other one begins. Where no connection is free to cancel by, the statement goes on to its end or timeout.
 * @param run of a transaction
 * @throws the signal's reason once it is aborted
 */
export async function runUntilAborted<T>(
  dataSource: DataSource,
  run: RunSql,
  signal: AbortSignal,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  const [backend] = await run<Backend>(BACKEND);
  let underWay = 0;
  let sent: Promise<void> | undefined;
  const cancel = async (): Promise<void> => {
    if (backend === undefined) return;
    while (underWay > 0) {
      await withReader(dataSource, async (runner) => {
        // Waiting for a connection, it may have come too late.
        if (underWay === 0) return;
        sent = cancelStatement(runner, backend);
        await sent;
      });
      if (underWay > 0) await sleep(CANCEL_INTERVAL);
    }
  };
  const begin = (): void => void cancel();
  signal.addEventListener('abort', begin, { once: true });
  try {
    return await work(async (statement) => {
      signal.throwIfAborted();
      underWay += 1;
      try {
        return await run(statement);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        underWay -= 1;
      }
    });
  } finally {
    signal.removeEventListener('abort', begin);
    // Not for one that still has no connection: that would wait for this one.
    if (sent !== undefined) {
      // A cancellation that comes late must not hit the end of the transaction: this statement takes it.
      await sent;
      await run(trustedSql('SELECT')).catch(() => undefined);
    }
  }
}

const BACKEND = trustedSql(
  'SELECT "pid", "backend_start"::text AS "start" FROM "pg_stat_activity" WHERE "pid" = pg_backend_pid()',
);

/** Does the work with another connection to the server that is read from, once there is one; never rejects. */
async function withReader(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<void>,
): Promise<void> {
  try {
    const runner = await openReader(dataSource, 'replica');
    try {
      await runner.connect();
      await work(runner);
    } finally {
      await runner.release();
    }
  } catch {
    // No connection is to be had, or it broke: another try comes.
  }
}

/** The connection may be one to another server of a replicated data source: the start time tells. Never rejects. */
async function cancelStatement(runner: QueryRunner, { pid, start }: Backend): Promise<void> {
  const statement =
    'SELECT pg_cancel_backend("pid") FROM "pg_stat_activity" WHERE "pid" = $1::integer AND "backend_start" = $2::timestamptz';
  await runner.query(statement, [pid, start]).catch(() => undefined);
}
