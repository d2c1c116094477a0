import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const WAITING = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

/** How many sessions of the database wait for another. */
export async function waitingSessions(dataSource: DataSource): Promise<number> {
  return (await dataSource.query<unknown[]>(WAITING)).length;
}

/** Waits until a session waits for a lock on a table. */
export async function lockWaitOf(table: string, dataSource: DataSource): Promise<void> {
  const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass';
  while ((await dataSource.query<unknown[]>(waiting, [table])).length === 0) await pause(10);
}

/** Waits until one does. */
export async function lockWait(dataSource: DataSource): Promise<void> {
  while ((await waitingSessions(dataSource)) === 0) await pause(10);
}
