import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultBench, Result } from './fault-bench.js';
import { Ledger } from './ledger.js';

/** No fault: takes acknowledged writes away by hand, and sees to it that the ledger notices. */
export async function checkTheCheck(bench: FaultBench): Promise<Result> {
  const ledger = new Ledger();
  const load = bench.load(ledger);
  await sleep(1_000);
  const inFlight = load.running;
  await load.stop();
  const found = await ledger.check(bench.database);
  // One side of one write of a batch: at one trial it is there in half, so the batch is neither there nor absent.
  await bench.database.run(
    `UPDATE trial_metadata_history SET replaced = replaced - key
       FROM (SELECT trial_id, revision, key FROM trial_metadata_history, jsonb_object_keys(replaced) AS key
              WHERE key LIKE 'w%b0\\_a' ORDER BY trial_id, revision LIMIT 1) AS taken
      WHERE trial_metadata_history.trial_id = taken.trial_id AND trial_metadata_history.revision = taken.revision`,
  );
  const after = await ledger.check(bench.database);
  const faults = [...load.faults];
  if (after.lost !== found.lost + 1 || after.half !== found.half + 1) {
    faults.push(`a write was taken away, and the ledger tells of ${after.lost} lost and ${after.half} half`);
  }
  return {
    fault: 'none (checks the check)',
    inFlight,
    ...found,
    unavailable: load.counts.unavailable,
    recovery: undefined,
    faults,
    note: 'a write taken away by hand was noticed',
  };
}
