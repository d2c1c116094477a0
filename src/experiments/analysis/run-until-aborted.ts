import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { trustedSql, type RunSql } from '../../metadata/index.js';

/** Milliseconds between two cancellations: one that comes before the statement it is meant for does nothing. */
const CANCEL_INTERVAL = 100;

interface Backend {
  readonly pid: number;
  readonly start: string;
}

/**
 * Lets work run statements until the signal is aborted: then the statement that runs is cancelled in the database, and
 * no other one begins.
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
  let cancelled: Promise<void> | undefined;
  const cancel = (): void => {
    if (backend !== undefined) cancelled = cancelWhile(() => underWay > 0, dataSource, backend);
  };
  signal.addEventListener('abort', cancel, { once: true });
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
    signal.removeEventListener('abort', cancel);
    if (cancelled !== undefined) {
      // A cancellation that comes late must not hit the end of the transaction: this statement takes it.
      await cancelled;
      await run(trustedSql('SELECT')).catch(() => undefined);
    }
  }
}

const BACKEND = trustedSql(
  'SELECT "pid", "backend_start"::text AS "start" FROM "pg_stat_activity" WHERE "pid" = pg_backend_pid()',
);

async function cancelWhile(
  isUnderWay: () => boolean,
  dataSource: DataSource,
  backend: Backend,
): Promise<void> {
  while (isUnderWay()) {
    await cancelStatement(dataSource, backend);
    if (isUnderWay()) await sleep(CANCEL_INTERVAL);
  }
}

/** From another connection, which may end at another server of a replicated data source: the start time tells. */
async function cancelStatement(dataSource: DataSource, { pid, start }: Backend): Promise<void> {
  const runner = dataSource.createQueryRunner('slave');
  try {
    await runner.query(
      'SELECT pg_cancel_backend("pid") FROM "pg_stat_activity" WHERE "pid" = $1::integer AND "backend_start" = $2::timestamptz',
      [pid, start],
    );
  } catch {
    // No connection is free: the statement timeout ends it.
  } finally {
    await runner.release();
  }
}
