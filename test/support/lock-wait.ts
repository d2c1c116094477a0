import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const WAITING = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

/** Waits until a session of the database waits for another. */
export async function lockWait(dataSource: DataSource): Promise<void> {
  for (;;) {
    const rows = await dataSource.query<unknown[]>(WAITING);
    if (rows.length > 0) return;
    await pause(10);
  }
}
