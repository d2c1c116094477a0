import { Readable } from 'node:stream';
import type { ImportBatch } from './import-batch.js';

/** Batches that are read while others are written, and that are then written together, at most. */
const BATCHES_AHEAD = 8;

/**
 * Reads batches while those given before are dealt with, and then gives what there is: a single one to who is faster than
 * the stream. No two of the batches that are given together name the same trial.
 */
export async function* readAhead(
  batches: AsyncIterable<ImportBatch>,
): AsyncGenerator<readonly ImportBatch[]> {
  const read = Readable.from(batches, { highWaterMark: BATCHES_AHEAD });
  for await (const first of read as AsyncIterable<ImportBatch>) {
    let together = [first];
    let named = new Set(first.keys);
    for (let next = takeNext(read); next !== null; next = takeNext(read)) {
      const { keys } = next;
      if ([...keys].some((key) => named.has(key))) {
        yield together;
        together = [];
        named = new Set();
      }
      together.push(next);
      for (const key of keys) named.add(key);
    }
    yield together;
  }
}

function takeNext(read: Readable): ImportBatch | null {
  return read.read() as ImportBatch | null;
}
