import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MetadataBatchService, METADATA_OPTIONS, type CheckedMetadataOptions } from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import type { ImportBatch, ImportOutcome } from './import-batch.js';
import { ImportTargets } from './import-targets.js';
import { ImportWriter, type SetDocuments, type WrittenLine } from './import-writer.js';
import { readAhead } from './read-ahead.js';
import { readBatches } from './read-batches.js';

/** What an import has done: `lines` are those that are not blank, `trials` those of them that went in. */
export type ImportCounts = Readonly<Record<ImportOutcome | 'lines' | 'trials' | 'refused', number>>;

/** What an import tells while it runs; `done` comes last. */
export type ImportEvent =
  | { readonly kind: 'refused'; readonly line: number; readonly error: Error }
  | { readonly kind: 'progress'; readonly lines: number; readonly trials: number }
  | { readonly kind: 'done'; readonly counts: ImportCounts };

/** Milliseconds between two notes of progress. */
const PROGRESS_INTERVAL = 500;

/** Takes in a stream of lines, each about one trial. */
@Injectable()
export class ImportService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    private readonly metadata: MetadataBatchService,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /**
   * Imports a stream of JSON Lines. What was written stays when the stream breaks off; the same stream again changes
   * nothing. Whoever stops reading the events stops the import.
   */
  async *run(user: unknown, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportEvent> {
    const targets = new ImportTargets(this.dataSource, this.access, user);
    const writer = new ImportWriter(this.dataSource, targets, this.setDocuments(user));
    const counts = { lines: 0, trials: 0, created: 0, updated: 0, unchanged: 0, refused: 0 };
    let lastProgress = Date.now();
    for await (const batches of readAhead(readBatches(chunks, this.options.limits))) {
      const written = await writer.write(batches.map(({ lines }) => lines));
      for (const { number, result } of inOrder(batches, written)) {
        counts.lines += 1;
        if (result instanceof Error) {
          counts.refused += 1;
          yield { kind: 'refused', line: number, error: result };
        } else {
          counts.trials += 1;
          counts[result] += 1;
        }
      }
      if (Date.now() - lastProgress >= PROGRESS_INTERVAL) {
        lastProgress = Date.now();
        yield { kind: 'progress', lines: counts.lines, trials: counts.trials };
      }
    }
    yield { kind: 'done', counts };
  }

  private setDocuments(user: unknown): SetDocuments {
    return async (manager, documents) => {
      if (documents.length === 0) return new Set();
      // The limits were checked as the lines were read.
      const how = { user, source: 'import', manager, limitsChecked: true } as const;
      const changed = new Set<number>();
      for (const result of await this.metadata.setMany(documents, how)) {
        if (result instanceof Error) throw result;
        if (result.changed) changed.add(Number(result.trialId));
      }
      return changed;
    };
  }
}

function inOrder(batches: readonly ImportBatch[], written: readonly WrittenLine[]): readonly WrittenLine[] {
  const refused = batches.flatMap((batch) => batch.refused);
  if (refused.length === 0) return written;
  const told = refused.map(({ number, error }) => ({ number, result: error }));
  return [...written, ...told].sort((a, b) => a.number - b.number);
}
