import { setImmediate } from 'node:timers/promises';
import { InvalidRequestError, MetadataError, type MetadataLimits } from '../../metadata/index.js';
import { trialKey, type ImportBatch, type ReadLine, type RefusedLine } from './import-batch.js';
import { parseImportLine } from './import-line.js';
import { splitLines, type Line } from './split-lines.js';

/** How much is written at a time, in lines and in bytes of their text. */
const BATCH_LINES = 500;
const BATCH_BYTES = 1024 * 1024;
/** Lines that are read in one go, about a millisecond: answers of the database to the batch before are not kept waiting. */
const LINES_IN_A_GO = 32;
/** What a line may hold beside the metadata: names, times, white space. */
const LINE_OVERHEAD_BYTES = 64 * 1024;

/**
 * Reads a stream of lines into batches. A line with a fault is among the refused of its batch; two lines about one trial
 * never meet in a batch, so that the later one is applied after the earlier.
 */
export async function* readBatches(
  chunks: AsyncIterable<Uint8Array>,
  limits: MetadataLimits,
): AsyncGenerator<ImportBatch> {
  const lineLimit = limits.documentBytes + LINE_OVERHEAD_BYTES;
  let batch = new OpenBatch();
  let count = 0;
  for await (const line of splitLines(chunks, lineLimit)) {
    count += 1;
    if (count % LINES_IN_A_GO === 0) await setImmediate();
    const read = readLine(line, limits, lineLimit);
    if ('error' in read) {
      batch.refused.push(read);
    } else {
      const key = trialKey(read.line);
      if (batch.keys.has(key)) {
        yield batch;
        batch = new OpenBatch();
      }
      batch.keys.add(key);
      batch.lines.push(read);
    }
    batch.bytes += line.bytes?.length ?? 0;
    if (batch.isFull()) {
      yield batch;
      batch = new OpenBatch();
    }
  }
  if (!batch.isEmpty()) yield batch;
}

class OpenBatch implements ImportBatch {
  readonly lines: ReadLine[] = [];
  readonly refused: RefusedLine[] = [];
  readonly keys = new Set<string>();
  bytes = 0;

  isFull(): boolean {
    return this.lines.length + this.refused.length >= BATCH_LINES || this.bytes >= BATCH_BYTES;
  }

  isEmpty(): boolean {
    return this.lines.length + this.refused.length === 0;
  }
}

function readLine(line: Line, limits: MetadataLimits, lineLimit: number): ReadLine | RefusedLine {
  const { number, bytes } = line;
  if (bytes === undefined) {
    const message = `A line holds at most ${lineLimit} bytes.`;
    return { number, error: InvalidRequestError.at('line', 'line_too_long', message) };
  }
  try {
    return { number, line: parseImportLine(bytes, limits) };
  } catch (error) {
    if (error instanceof MetadataError) return { number, error };
    throw error;
  }
}
