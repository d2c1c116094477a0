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
