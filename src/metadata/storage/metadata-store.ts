import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import type { ChangeTeller } from '../changes/change-teller.js';
import { TrialNotFoundError } from '../metadata.errors.js';
import type { HistoryRetention } from '../metadata.options.js';
import type { ChangeSource } from './change-source.js';
import { groupedReports, type GroupedReport } from './grouped-reports.js';
import type { MetadataTableNames } from './metadata-tables.js';
import { PreparedStatements } from './prepared-statements.js';
import {
  asOfStatement,
  changedKeysStatement,
  historyStatement,
  lockStatement,
  readStatement,
  type AsOfRow,
  type HistoryRow,
  type ReadRow,
} from './read-statements.js';
import { runTransaction } from './run-transaction.js';
import { forgetStatement, RETENTION_LOCK } from './retention-statements.js';
import type { ReportQueue } from './report-queue.js';
import { FOREIGN_KEY_VIOLATION, isTransient, sqlStateOf } from './sql-state.js';
import type { TrialId } from './trial-id.js';
import { changeManyStatement, createManyStatement, type WriteManyRow } from './write-many-statements.js';
import { writeStatement, type WriteMode, type WriteRow } from './write-statement.js';

/** Who makes a revision, and by what kind of request. */
export interface ChangeOrigin {
  readonly author: string | null;
  readonly source: ChangeSource;
}

/** Largest document that a statement may leave behind; null: as large as it gets. */
export interface StoredLimits {
  readonly documentBytes: number;
  readonly leafValues: number;
}

export interface Write extends ChangeOrigin {
  readonly mode: WriteMode;
  /** JSON text of an object. */
  readonly document: string;
  /** The trial must be at one of these revisions; undefined: at any. */
  readonly ifRevision: readonly number[] | undefined;
  readonly limits: StoredLimits | null;
}

/** What is common to the writes of many trials. */
export interface WriteMany extends ChangeOrigin {
  readonly mode: WriteMode;
  readonly limits: StoredLimits | null;
  /** Whether the rows answered hold the documents. */
  readonly withDocuments: boolean;
}

/** The write to one trial of many. */
export interface WriteItem {
  readonly item: number;
  readonly trialId: TrialId;
  /** JSON text of an object. */
  readonly document: string;
}

/** Milliseconds that the end of the application waits for writes in hand. */
const SHUTDOWN_PATIENCE = 10_000;
const DAY = 24 * 60 * 60 * 1_000;
/** One statement may lose against a first write of another; each time, one other write has succeeded. */
const ATTEMPTS = 20;

/**
 * The plugin's rows: a method is one statement, sent again where it lost against another, unless it says otherwise. A `manager`
 * puts it into a transaction of the caller's.
 */
export class MetadataStore {
  private readonly statements;
  private readonly prepared: PreparedStatements;
  private readonly reports: ReportQueue<GroupedReport, WriteRow>;

  /** @param listed whether revisions go into the list of changes */
  constructor(
    private readonly dataSource: DataSource,
    readonly tables: MetadataTableNames,
    private readonly changes: ChangeTeller,
    listed: boolean,
  ) {
    this.prepared = new PreparedStatements(dataSource);
    this.statements = {
      read: readStatement(tables),
      lock: lockStatement(tables),
      asOf: asOfStatement(tables),
      history: historyStatement(tables),
      changedKeys: changedKeysStatement(tables),
      merge: writeStatement(tables, 'merge', listed),
      replace: writeStatement(tables, 'replace', listed),
      createMany: createManyStatement(tables, listed),
      mergeMany: changeManyStatement(tables, 'merge', listed),
      replaceMany: changeManyStatement(tables, 'replace', listed),
      forget: forgetStatement(tables),
    };
    this.reports = groupedReports(tables, listed, this.prepared, ({ trialId, write, isTold }) =>
      this.writeAlone(trialId, write, isTold),
    );
  }

  transaction<T>(
    manager: EntityManager | undefined,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    return runTransaction(this.dataSource, manager, work);
  }

  /** @throws TrialNotFoundError */
  async read(trialId: TrialId, manager?: EntityManager): Promise<ReadRow & { readonly metadata: string }> {
    return one(trialId, await this.run(manager, this.statements.read, [trialId]));
  }

  /** Reads, and makes other writers of this trial wait until the transaction ends. @throws TrialNotFoundError */
  async lock(trialId: TrialId, manager: EntityManager): Promise<ReadRow & { readonly metadata: string }> {
    return one(trialId, await this.run(manager, this.statements.lock, [trialId]));
  }

  /** @throws TrialNotFoundError */
  async readAsOf(trialId: TrialId, revision: number, manager?: EntityManager): Promise<AsOfRow> {
    return one(trialId, await this.run(manager, this.statements.asOf, [trialId, revision]));
  }

  /** Newest first. */
  async history(trialId: TrialId, before: number | undefined, limit: number): Promise<readonly HistoryRow[]> {
    return await this.run(undefined, this.statements.history, [trialId, before, limit]);
  }

  async changedKeys(trialId: TrialId, since: number, manager?: EntityManager): Promise<readonly string[]> {
    const rows = await this.run<{ key: string }>(manager, this.statements.changedKeys, [trialId, since]);
    return rows.map((row) => row.key).sort();
  }

  /**
   * Writes at once; but reports that are not bound to a revision or to a transaction are written together while there
   * are many. @throws TrialNotFoundError
   */
  async write(trialId: TrialId, write: Write, manager?: EntityManager): Promise<WriteRow> {
    const { source, document, ifRevision } = write;
    const isTold = this.changes.wants(source);
    const isGrouped = source === 'report' && ifRevision === undefined && manager === undefined;
    const row = isGrouped
      ? await this.reports.write({ trialId, write, isTold, size: document.length })
      : await this.writeAlone(trialId, write, isTold, manager);
    if (row.written && isTold) this.changes.tell(manager, trialId, source, row);
    return row;
  }

  /** Nothing that was handed in is lost when the application ends, but what waits too long for a lock of somebody else's. */
  async beforeApplicationShutdown(): Promise<void> {
    const patience = new AbortController();
    const late = pause(SHUTDOWN_PATIENCE, undefined, { signal: patience.signal, ref: false });
    await Promise.race([this.reports.settled(), late]);
    patience.abort();
    await late.catch(() => undefined);
  }

  /** First writes to many trials, each once; see {@link createManyStatement}. */
  async createMany(
    items: readonly WriteItem[],
    { author, source, withDocuments }: WriteMany,
    manager: EntityManager,
  ): Promise<readonly WriteManyRow[]> {
    const isTold = this.changes.wants(source);
    const parameters = [listOf(items), new Date().toISOString(), author, source, withDocuments || isTold];
    const rows = await this.run<WriteManyRow>(manager, this.statements.createMany, parameters);
    if (isTold) this.tellMany(items, rows, 'created', source, manager);
    return rows;
  }

  /** Writes to many trials, each once and locked; see {@link changeManyStatement}. */
  async changeMany(
    items: readonly WriteItem[],
    { mode, author, source, withDocuments, limits }: WriteMany,
    manager: EntityManager,
  ): Promise<readonly WriteManyRow[]> {
    const isTold = this.changes.wants(source);
    const parameters = [
      ...[listOf(items), new Date().toISOString(), author, source, withDocuments || isTold],
      ...[limits?.documentBytes, limits?.leafValues, isTold],
    ];
    const rows = await this.run<WriteManyRow>(manager, this.statements[`${mode}Many`], parameters);
    if (isTold) this.tellMany(items, rows, 'changed', source, manager);
    return rows;
  }

  /**
   * Deletes up to `most` revisions from the history that are older than `keep` allows, the oldest of each trial first.
   * @returns how many; undefined when another process is at it
   */
  async forget(keep: HistoryRetention, most: number): Promise<number | undefined> {
    return await this.dataSource.transaction(async (manager) => {
      const [lock] = await this.run<{ locked: boolean }>(manager, RETENTION_LOCK, []);
      if (!lock?.locked) return undefined;
      const before =
        keep.days === undefined ? undefined : new Date(Date.now() - keep.days * DAY).toISOString();
      const [row] = await this.run<{ forgotten: number }>(manager, this.statements.forget, [
        keep.revisions,
        before,
        most,
      ]);
      return row?.forgotten ?? 0;
    });
  }

  private async writeAlone(
    trialId: TrialId,
    write: Write,
    isTold: boolean,
    manager?: EntityManager,
  ): Promise<WriteRow> {
    const { mode, document, author, source, ifRevision, limits } = write;
    for (let attempt = 1; ; attempt += 1) {
      const time = new Date().toISOString();
      const parameters = [
        ...[trialId, document, time, author, source],
        ...[ifRevision, limits?.documentBytes, limits?.leafValues, isTold],
      ];
      try {
        const row: WriteRow = one(trialId, await this.run(manager, this.statements[mode], parameters));
        const isSettled = row.written || !row.changes || !row.expected || !row.fits;
        // Only what was written has shown that there is such a trial.
        if (isSettled && row.revision === 0) await this.read(trialId, manager);
        if (isSettled) return row;
        if (attempt === ATTEMPTS)
          throw new Error(`Trial ${trialId} could not be written: too many first writes at once.`);
      } catch (error) {
        if (sqlStateOf(error) === FOREIGN_KEY_VIOLATION) throw new TrialNotFoundError(trialId);
        if (manager !== undefined || attempt === ATTEMPTS || !isTransient(error)) throw error;
      }
    }
  }

  private tellMany(
    items: readonly WriteItem[],
    rows: readonly WriteManyRow[],
    outcome: 'created' | 'changed',
    source: ChangeSource,
    manager: EntityManager,
  ): void {
    const trials = new Map(items.map(({ item, trialId }) => [item, trialId]));
    for (const row of rows) {
      const trialId = trials.get(row.item);
      if (row.outcome !== outcome || trialId === undefined) continue;
      const { metadata, revision } = row;
      if (metadata === null || revision === null) continue;
      const made = outcome === 'created' ? { ...row, added: '*' as const } : row;
      this.changes.tell(manager, trialId, source, { ...made, metadata, revision });
    }
  }

  private async run<Row>(
    manager: EntityManager | undefined,
    text: string,
    parameters: readonly unknown[],
  ): Promise<readonly Row[]> {
    // pg binds null for undefined, and a JavaScript array as a PostgreSQL array.
    if (manager === undefined) return await this.prepared.run(text, parameters);
    return await manager.query(text, [...parameters]);
  }
}

function one<Row>(trialId: TrialId, rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new TrialNotFoundError(trialId);
  return row;
}

function listOf(writes: readonly WriteItem[]): string {
  const items = writes.map(
    ({ item, trialId, document }) =>
      `{"item":${item},"trial":${JSON.stringify(trialId)},"metadata":${document}}`,
  );
  return `[${items.join(',')}]`;
}
