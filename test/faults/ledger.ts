import type { FaultDatabase } from './fault-database.js';

/** One request to write: to each of its trials the number `seq` under the keys `<worker>_a` and `<worker>_b`. */
export interface Write {
  readonly worker: string;
  readonly seq: number;
  readonly trialIds: readonly number[];
}

/** What the database holds of what was sent. */
export interface Found {
  /** Writes that were answered 200. */
  readonly acknowledged: number;
  /** Those of them that are there, at every one of their trials. */
  readonly found: number;
  readonly lost: number;
  /** Writes, whatever they were answered, that are there in part. */
  readonly half: number;
}

interface SeenRow {
  readonly worker: string;
  readonly seq: number;
  readonly trial_id: string;
  readonly half: string;
}

/**
 * Every value that a key of a trial ever had: those that a later revision replaced, and the last one. `half` tells how many
 * of the two keys of a write are there: both must be, at once.
 */
const EVER_STORED = `
  WITH stored AS (
    SELECT trial_id, key, value FROM trial_metadata, jsonb_each(metadata)
    UNION ALL
    SELECT trial_id, key, value FROM trial_metadata_history, jsonb_each(replaced)
  ), pair AS (
    SELECT trial_id, split_part(key, '_', 1) AS worker, (value #>> '{}')::int AS seq, split_part(key, '_', 2) AS side
      FROM stored WHERE key LIKE 'w%\\_%'
  )
  SELECT trial_id, worker, seq, count(DISTINCT side) AS half FROM pair GROUP BY trial_id, worker, seq`;

/** Remembers what was sent and what was acknowledged, and compares it with what is there. */
export class Ledger {
  private readonly sent = new Map<string, Write>();
  private readonly acknowledged = new Set<string>();

  begin(write: Write): void {
    this.sent.set(keyOf(write.worker, write.seq), write);
  }

  acknowledge(write: Write): void {
    this.acknowledged.add(keyOf(write.worker, write.seq));
  }

  /** Looks everything up in the tables themselves, with no code of the master's in between. */
  async check(database: FaultDatabase): Promise<Found> {
    const rows = await database.run<SeenRow>(EVER_STORED);
    const seen = new Map<string, SeenRow[]>();
    for (const row of rows) {
      const key = keyOf(row.worker, row.seq);
      seen.set(key, [...(seen.get(key) ?? []), row]);
    }
    let found = 0;
    let half = 0;
    for (const [key, write] of this.sent) {
      const whole = (seen.get(key) ?? []).filter((row) => Number(row.half) === 2);
      const isThere = whole.length === write.trialIds.length;
      if (!isThere && (seen.get(key) ?? []).length > 0) half += 1;
      if (isThere && this.acknowledged.has(key)) found += 1;
    }
    const acknowledged = this.acknowledged.size;
    return { acknowledged, found, lost: acknowledged - found, half };
  }
}

function keyOf(worker: string, seq: number): string {
  return `${worker}/${seq}`;
}
