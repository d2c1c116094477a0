import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const WAITING = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

/** How many sessions of the database wait for another. */
export async function waitingSessions(dataSource: DataSource): Promise<number> {
  return (await dataSource.query<unknown[]>(WAITING)).length;
}

/** Waits until one does. */
export async function lockWait(dataSource: DataSource): Promise<void> {
  while ((await waitingSessions(dataSource)) === 0) await pause(10);
}

const WAITING_FOR_TABLE = `SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Waits until one waits for a lock on the table as a whole. */
export async function lockWaitOf(table: string, dataSource: DataSource): Promise<void> {
  while ((await dataSource.query<unknown[]>(WAITING_FOR_TABLE, [table])).length === 0) await pause(10);
}
