import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';

/**
 * How long either of two transactions waits for a lock. Whoever holds it may be waiting for the other one, which this one
 * waits for: PostgreSQL cannot see that circle.
 */
const LOCK_TIMEOUT = '500ms';

/** Jobs to be done within a transaction, in no order. */
export interface Work<Job> {
  readonly jobs: readonly Job[];
  readonly work: (job: Job, manager: EntityManager) => Promise<void>;
  /** What is left to do in the first transaction once all jobs are done. */
  readonly finish: (manager: EntityManager) => Promise<void>;
}

/**
 * Does the jobs within a transaction, and where there are more of them and the pool has a connection to spare, within a
 * second one beside it, which is for speed. The second one commits when all is done, just before the first, whose locks
 * therefore hold for both. When anything fails, nothing of it stays, if the caller lets the first one fail too.
 * @param manager the first transaction; with a second one beside it, it waits for locks for half a second from here on
 */
export async function workOff<Job>(
  manager: EntityManager,
  dataSource: DataSource,
  { jobs, work, finish }: Work<Job>,
): Promise<void> {
  const left = [...jobs];
  const workWith = async (transaction: EntityManager) => {
    try {
      for (let job = left.shift(); job !== undefined; job = left.shift()) await work(job, transaction);
    } catch (error) {
      left.length = 0;
      throw error;
    }
  };
  if (jobs.length < 2 || !hasSpareConnection(dataSource)) {
    await workWith(manager);
    await finish(manager);
    return;
  }

  let takesPart = false as boolean;
  let doneBeside = Promise.resolve();
  const first = limitWaiting(manager)
    .then(() => workWith(manager))
    .then(() => doneBeside)
    .then(() => finish(manager))
    // Without its connection it would hold no locks any more, for the second one either.
    .then(() => manager.query('SELECT 1'));
  const second = dataSource.transaction(async (beside) => {
    if (left.length === 0) return;
    takesPart = true;
    doneBeside = limitWaiting(beside).then(() => workWith(beside));
    await doneBeside;
    await first;
  });
  // It is awaited below when it takes part; until then its failure must not count as unhandled.
  second.catch(() => undefined);
  try {
    await first;
  } catch (error) {
    if (takesPart) await second.catch(() => undefined);
    throw error;
  }
  if (takesPart) await second;
}

async function limitWaiting(manager: EntityManager): Promise<void> {
  await manager.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
}

/** Whether a transaction would get a connection without waiting and without keeping others waiting. */
function hasSpareConnection(dataSource: DataSource): boolean {
  // TypeORM's driver for PostgreSQL keeps its pool there; without replication it is the only one.
  const pool = (dataSource.driver as unknown as { readonly master: Pool }).master;
  return pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < pool.options.max);
}
