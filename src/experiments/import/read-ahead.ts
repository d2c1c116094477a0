import type { ImportBatch } from './import-batch.js';

/** Batches that are read while others are written, and that are then written together, at most. */
const BATCHES_AHEAD = 8;

/**
 * Reads batches while those given before are dealt with, and then gives what there is: a single one to who is faster than
 * the stream. No two of the batches that are given together name the same trial. When the stream fails, what was read
 * before is given first. Who stops is not kept waiting for the stream, which is closed with its next batch.
 */
export async function* readAhead(
  batches: AsyncIterable<ImportBatch>,
): AsyncGenerator<readonly ImportBatch[]> {
  const ahead = new BatchesAhead();
  const reading = ahead.read(batches);
  // It is awaited at the end; until then its failure must not count as unhandled.
  reading.catch(() => undefined);
  try {
    for (;;) {
      const together = await ahead.take();
      if (together.length === 0) break;
      yield together;
    }
  } finally {
    ahead.stop();
  }
  await reading;
}

/** The batches between the one who reads them and the one who takes them. */
class BatchesAhead {
  private readonly waiting: ImportBatch[] = [];
  private hasEnded = false;
  private wake: () => void = () => undefined;

  /** @throws what the stream ends with */
  async read(batches: AsyncIterable<ImportBatch>): Promise<void> {
    try {
      for await (const batch of batches) {
        this.waiting.push(batch);
        this.wake();
        while (this.waiting.length >= BATCHES_AHEAD && !this.hasEnded) await this.change();
        if (this.hasEnded) return;
      }
    } finally {
      this.stop();
    }
  }

  /** As many as may be written together; none when there will be no more. */
  async take(): Promise<readonly ImportBatch[]> {
    while (this.waiting.length === 0 && !this.hasEnded) await this.change();
    const named = new Set<string>();
    const isApart = ({ keys }: ImportBatch) => ![...keys].some((key) => named.has(key));
    const together: ImportBatch[] = [];
    let [next] = this.waiting;
    while (next !== undefined && isApart(next)) {
      together.push(next);
      for (const key of next.keys) named.add(key);
      this.waiting.shift();
      [next] = this.waiting;
    }
    this.wake();
    return together;
  }

  stop(): void {
    this.hasEnded = true;
    this.wake();
  }

  /** Only one of the two ever waits for the other. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
