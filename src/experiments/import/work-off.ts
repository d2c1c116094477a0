import type { DataSource, EntityManager } from 'typeorm';

/**
 * How long the second transaction waits for a lock. Whoever holds it may be waiting for the first, which waits for the
 * second: PostgreSQL cannot see that circle.
 */
const LOCK_TIMEOUT = '2s';

/**
 * Does the jobs, in no order, within a transaction and, of more than one, within a second one beside it. That one commits
 * when all jobs are done, before the first, whose locks therefore hold for both; when a job fails nothing of them stays,
 * if the caller lets the first one fail too. The second is for speed: while it has no connection the first goes on alone.
 * @param manager the first transaction
 */
export async function workOff<Job>(
  jobs: readonly Job[],
  work: (job: Job, manager: EntityManager) => Promise<void>,
  manager: EntityManager,
  dataSource: DataSource,
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

  const first = workWith(manager);
  if (left.length === 0) {
    await first;
    return;
  }
  let takesPart = false as boolean;
  const second = dataSource.transaction(async (beside) => {
    if (left.length === 0) return;
    takesPart = true;
    await beside.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await workWith(beside);
    await first;
  });
  // It is awaited below when it takes part; until then its failure must not count as unhandled.
  second.catch(() => undefined);
  try {
    await first;
  } finally {
    if (takesPart) await second;
  }
}
