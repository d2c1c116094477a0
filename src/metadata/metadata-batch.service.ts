import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import {
  acceptDocument,
  limitProblems,
  mergeKeys,
  parseStored,
  type MetadataInput,
} from './accept-document.js';
import { TrialAccess } from './access/trial-access.js';
import { writeJson, type JsonObject } from './document/index.js';
import {
  InvalidRequestError,
  MetadataError,
  TooManyBatchesError,
  TrialNotFoundError,
  type Problem,
} from './metadata.errors.js';
import type { CheckedMetadataOptions } from './metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS } from './metadata.tokens.js';
import { readEach } from './query/index.js';
import { recordOf, type MetadataRecord } from './metadata-record.js';
import type { ChangeSource } from './storage/change-source.js';
import { MetadataStore, type WriteMany } from './storage/metadata-store.js';
import { poolSizeOf } from './storage/pool-size.js';
import { parseTrialId, type TrialId } from './storage/trial-id.js';
import { Turns } from './storage/turns.js';
import { writeMany, type WriteManyResult } from './storage/write-many.js';
import type { WriteMode } from './storage/write-statement.js';

/** Reports in one batch. */
export const BATCH_REPORTS = 1_000;
/**
 * Of the pool's connections, what batches take. Measured with 16 clients that send batches, on two cores and a pool of 10: a
 * report beside them takes 1 s when they may have all, 0.15 s with half, 0.02 s with a quarter, where 8,700, 7,600 and 6,300
 * trials a second are written.
 */
const SHARE_OF_POOL = 0.25;
/** Milliseconds for which a batch keeps its turn: then it waits, as a rule, for somebody else's lock, and others need not. */
const PATIENCE = 5_000;
/** Violations that one answer lists, over all items. */
const MOST_PROBLEMS = 100;

/** Metadata for one trial of many. */
export interface TrialReport {
  readonly trialId: TrialId;
  readonly metadata: MetadataInput;
}

/** How the host's own code writes many; no policy is asked. */
export interface WriteManyOptions {
  /** Whom to name as the author; see the option `author`. */
  readonly user: unknown;
  readonly source: ChangeSource;
  /** The caller's transaction; absent: one of its own. */
  readonly manager?: EntityManager | undefined;
  /** Whether the documents were measured already with the limits in force. */
  readonly limitsChecked?: boolean;
}

/** What became of one write of many, or why nothing was written. */
export type ManyResult =
  MetadataError | { readonly trialId: TrialId; readonly revision: number; readonly changed: boolean };

/** Writes the metadata of many trials in one transaction. */
@Injectable()
export class MetadataBatchService {
  private readonly turns: Turns;

  constructor(
    private readonly store: MetadataStore,
    private readonly access: TrialAccess,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    @Inject(METADATA_DATA_SOURCE) dataSource: DataSource,
  ) {
    this.turns = new Turns(Math.max(1, Math.floor(poolSizeOf(dataSource) * SHARE_OF_POOL)));
  }

  /**
   * Up to 1,000 reports, all or none. A trial may be named more than once; its reports are applied in order.
   * @returns for each report the metadata after it
   * @throws InvalidRequestError, TrialNotFoundError, EditForbiddenError, each naming the item: `reports[3].trialId`;
   * TooManyBatchesError when others keep it waiting for as long as a statement may take
   */
  async batch(user: unknown, reports: readonly TrialReport[]): Promise<readonly MetadataRecord[]> {
    this.checkCount(reports.length);
    const trialIds = readEach(reports, ({ trialId }, index) => this.idOf(trialId, `${pathOf(index)}trialId`));
    const pathOfTrial = (id: TrialId) => `${pathOf(trialIds.indexOf(id))}trialId`;
    await this.access.mustEditAll(user, [...new Set(trialIds)], pathOfTrial);
    const documents = readEach(reports, ({ metadata }, index) => acceptDocument(metadata, pathOf(index)));
    this.refuse(
      documents.flatMap((document, index) => limitProblems(document, this.options.limits, pathOf(index))),
    );
    const common = { ...this.commonOf(user, 'batch', 'merge'), withDocuments: true };
    const writes = documents.map((document, item) => ({
      item,
      trialId: trialIds[item] as TrialId, // as many ids as documents
      document: writeJson(document),
    }));
    return await this.inTurn(async (manager) => {
      const results = await writeMany(this.store, writes, common, manager);
      const unknown = results.findIndex((result) => !result.known);
      if (unknown >= 0) throw new TrialNotFoundError(String(trialIds[unknown]), `${pathOf(unknown)}trialId`);
      const tooLarge = results.filter((result) => result.outcome === 'too_large');
      this.refuse(tooLarge.flatMap((result) => this.mergedProblems(result, documents)));
      return results.map((result, index) => recordOf(trialIds[index] as TrialId, documentRow(result)));
    });
  }

  /**
   * Reports on many trials, for the host's own code: a fixed number of statements for some thousand trials. A report
   * that is refused has an error as its result, and the others are written. No policy is asked.
   */
  async reportMany(
    reports: readonly TrialReport[],
    options: WriteManyOptions,
  ): Promise<readonly ManyResult[]> {
    return await this.writeAll(reports, 'merge', options);
  }

  /** As {@link reportMany}, but each document replaces the whole of the trial's. */
  async setMany(reports: readonly TrialReport[], options: WriteManyOptions): Promise<readonly ManyResult[]> {
    return await this.writeAll(reports, 'replace', options);
  }

  /** Runs the work in a transaction of its own, when its turn comes. */
  private async inTurn<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const { statementTimeout } = this.options;
    const deadline = AbortSignal.timeout(statementTimeout);
    try {
      return await this.turns.take(deadline, () => this.store.transaction(undefined, work), PATIENCE);
    } catch (error) {
      if (deadline.aborted && error === deadline.reason) throw new TooManyBatchesError(statementTimeout);
      throw error;
    }
  }

  private async writeAll(
    reports: readonly TrialReport[],
    mode: WriteMode,
    { user, source, manager, limitsChecked = false }: WriteManyOptions,
  ): Promise<readonly ManyResult[]> {
    const refused = new Map<number, MetadataError>();
    const writes = reports.flatMap(({ trialId, metadata }, item) => {
      try {
        const document = acceptDocument(metadata);
        const problems = limitsChecked ? [] : limitProblems(document, this.options.limits);
        if (problems.length > 0) throw new InvalidRequestError(problems);
        return [{ item, trialId: this.idOf(trialId), document: writeJson(document) }];
      } catch (error) {
        if (!(error instanceof MetadataError)) throw error;
        refused.set(item, error);
        return [];
      }
    });
    const common = this.commonOf(user, source, mode);
    const results = await this.store.transaction(manager, (own) =>
      writeMany(this.store, writes, common, own),
    );
    const byItem = new Map(results.map((result) => [result.item, result]));
    return reports.map(({ trialId }, item) => {
      const result = byItem.get(item);
      return refused.get(item) ?? this.manyResult(trialId, result);
    });
  }

  private manyResult(trialId: TrialId, result: WriteManyResult | undefined): ManyResult {
    if (result === undefined || !result.known) return new TrialNotFoundError(trialId);
    if (result.outcome === 'too_large') {
      const { documentBytes: limit } = this.options.limits;
      const message = `With what the trial holds already, the document is beyond a limit, as of ${limit} bytes.`;
      return InvalidRequestError.at('metadata', 'document_too_large', message);
    }
    const changed = result.outcome === 'created' || result.outcome === 'changed';
    return { trialId, revision: result.revision ?? 0, changed };
  }

  /** What is wrong with a document that the statement found too large once merged. */
  private mergedProblems(result: WriteManyResult, documents: readonly JsonObject[]): readonly Problem[] {
    const { item, metadata } = result;
    const merged = mergeKeys(metadata ?? '{}', documents[item] ?? parseStored('{}'));
    const problems = limitProblems(merged, this.options.limits, pathOf(item));
    if (problems.length > 0) return problems;
    const message = 'With what the trial holds already, the document is beyond a limit.';
    return [{ path: `${pathOf(item)}metadata`, code: 'document_too_large', message }];
  }

  private commonOf(user: unknown, source: ChangeSource, mode: WriteMode): WriteMany {
    const { documentBytes, leafValues } = this.options.limits;
    const limits = mode === 'merge' ? { documentBytes, leafValues } : null;
    return { mode, source, limits, author: this.options.author(user), withDocuments: false };
  }

  private idOf(trialId: TrialId, at?: string): TrialId {
    return parseTrialId(trialId, this.store.tables.trialIdType, at);
  }

  private checkCount(count: number): void {
    if (count >= 1 && count <= BATCH_REPORTS) return;
    const message = `A batch holds 1 to ${BATCH_REPORTS} reports. Send more in several batches.`;
    throw new InvalidRequestError([
      { path: 'reports', code: 'wrong_number_of_reports', message, limit: BATCH_REPORTS, actual: count },
    ]);
  }

  private refuse(problems: readonly Problem[]): void {
    if (problems.length > 0) throw new InvalidRequestError(problems.slice(0, MOST_PROBLEMS));
  }
}

function pathOf(index: number): string {
  return `reports[${index}].`;
}

function documentRow(result: WriteManyResult) {
  return { ...result, metadata: result.metadata ?? '{}', revision: result.revision ?? 0 };
}
