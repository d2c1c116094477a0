import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** What the list of changes shows: what is older than any transaction that is open, on the whole server. */
const SETTLED = `SELECT NOT EXISTS (
  SELECT FROM trial_metadata_changes WHERE place >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS settled`;

/**
 * Waits until the list of changes shows all that there are: other suites write on the same server at the same time, and keep it
 * back as long as their transactions are open.
 */
export async function settledChanges(dataSource: DataSource): Promise<void> {
  for (;;) {
    const [row] = await dataSource.query<{ settled: boolean }[]>(SETTLED);
    if (row?.settled) return;
    await pause(10);
  }
}
