import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Turns } from '../../../metadata/index.js';
import { VisibleTrials, type TrialReading } from '../visible-trials.js';
import { exportChunks } from './export-chunks.js';
import type { ExportRequest } from './export-request.js';

/** Exports that run at a time; more wait for their turn. One keeps its connection for as long as its client takes to read. */
const CONCURRENT_EXPORTS = 4;

/** Where an export goes. */
export interface ExportTarget {
  /** Aborted when nobody reads any more; the export's query then ends. */
  readonly signal: AbortSignal;
  /** Called once the first part is there, so that an error before it can still be answered as one. */
  open(): Writable;
}

/** Writes trials as a table or as lines of JSON. */
@Injectable()
export class ExportService {
  private readonly turns = new Turns(CONCURRENT_EXPORTS);

  constructor(private readonly trials: VisibleTrials) {}

  /**
   * Writes every trial that meets the request's filter and that the user may see, all as of one moment. Memory does not
   * grow with their number: it reads on as fast as the target takes what was read.
   * @throws InvalidRequestError for too many columns; DatabaseBusyError when a part takes longer than the statement
   * timeout; the target's own errors
   */
  async export(request: ExportRequest, user: unknown, target: ExportTarget): Promise<void> {
    const { signal } = target;
    const progress = { isWhole: false };
    const write = async (reading: TrialReading): Promise<void> => {
      const chunks = exportChunks(request, reading);
      try {
        const first = await chunks.next();
        await pipeline(after(first, chunks), target.open());
        progress.isWhole = true;
      } finally {
        // What it still waits for belongs to a transaction that ends now.
        await chunks.return();
      }
    };
    try {
      await this.turns.take(signal, () => this.trials.read(user, request.trials, write, signal));
    } catch (error) {
      // The end of the transaction adds nothing to an export that is whole.
      if (!progress.isWhole) throw error;
    }
  }
}

async function* after(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
