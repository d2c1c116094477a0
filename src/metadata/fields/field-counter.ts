import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { RepeatedWork } from '../background/repeated-work.js';
import { SharedWork } from '../background/shared-work.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import {
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
  TRIAL_SOURCE,
} from '../metadata.tokens.js';
import { bind, Sql, sql, trustedSql, type TrialSource } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { arriveStatement, countStatement, departStatement } from './count-statements.js';
import { fieldTables, type FieldTables } from './field-tables.js';
import { SummaryKeeper } from './summary-keeper.js';
import { runSql } from '../storage/run-sql.js';
import type { TrialId } from '../storage/trial-id.js';

/** Ids of trials, or a SELECT of them. */
export type TrialIds = Sql | readonly TrialId[];

/** Trials counted by one statement: enough to be quick, few enough to keep a report waiting for no more than a moment. */
const BATCH = 5_000;
/** Milliseconds between two looks for revisions that wait to be counted. */
const INTERVAL = 1_000;
/** Milliseconds that a reader waits for the counting at most. */
const PATIENCE = 2_000;

/**
 * Keeps the known fields, and the value summaries. A report only notes that its revision is to be counted; the counting
 * follows in the background, and before anybody reads the fields, so that reports of the same keys never wait for one
 * another.
 */
@Injectable()
export class FieldCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly background = new RepeatedWork(new Logger(FieldCounter.name));
  /** While somebody else counts, as for as long as it takes to delete a project, one connection waits and no more. */
  private readonly counting = new SharedWork(() => this.countWaiting());
  private readonly tables: FieldTables;
  private readonly trialIdType: Sql;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) names: MetadataTableNames,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {
    this.tables = fieldTables(names);
    this.trialIdType = trustedSql(names.trialIdType);
  }

  onApplicationBootstrap(): void {
    this.background.start({
      interval: INTERVAL,
      failure: 'Fields were not counted',
      work: () => this.count(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background.stop();
  }

  /** Counts every revision that was committed before the call; afterwards the known fields and the summaries are right. */
  async count(): Promise<void> {
    await this.counting.run();
  }

  /**
   * As {@link count} for a reader, who does not wait for long.
   * @returns whether the known fields and the summaries are right now; false: they are being counted, or a project is being deleted
   */
  async countForReader(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, PATIENCE, false);
    });
    try {
      return await Promise.race([this.count().then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async countWaiting(): Promise<void> {
    // As a rule there is nothing: one statement then tells, without the lock.
    let taken = (await this.isWaiting()) ? BATCH : 0;
    while (taken === BATCH && !this.background.isStopped) {
      taken = await this.exclusively((manager, keeper) => this.countBatch(manager, keeper));
    }
  }

  /**
   * Counts all that waits, and then does some work in the same transaction, which sees the documents as they were counted, while
   * nobody else counts.
   * @returns undefined, without the work being done, when too much waits to be counted at once
   */
  async counted<T>(
    work: (manager: EntityManager, keeper: SummaryKeeper) => Promise<T>,
  ): Promise<T | undefined> {
    return await this.exclusively(async (manager, keeper) => {
      if (await this.isTooMuch(manager)) return undefined;
      await this.countBatch(manager, keeper);
      return await work(manager, keeper);
    });
  }

  /** Works while nobody counts, in a transaction that sees one state of the database: as it was when the lock was had. */
  async exclusively<T>(work: (manager: EntityManager, keeper: SummaryKeeper) => Promise<T>): Promise<T> {
    return await this.dataSource.transaction('REPEATABLE READ', async (manager) =>
      work(manager, await this.open(manager)),
    );
  }

  /**
   * Takes trials out of the count. To be called in the transaction that deletes them, before it does.
   * @param trialIds their ids, or a SELECT of these
   */
  async forget(manager: EntityManager, trialIds: TrialIds): Promise<void> {
    const keeper = await this.open(manager);
    const ids = this.idsOf(trialIds);
    await keeper.count(departStatement(this.tables, this.source, ids, keeper.summaries));
    await keeper.settle(false);
  }

  /**
   * Moves trials from one scope to another. To be called in the transaction that moves them.
   * @param trialIds their ids, or a SELECT of these
   * @param move what changes their scope
   */
  async move(manager: EntityManager, trialIds: TrialIds, move: () => Promise<void>): Promise<void> {
    const keeper = await this.open(manager);
    const ids = this.idsOf(trialIds);
    await keeper.count(departStatement(this.tables, this.source, ids, keeper.summaries));
    await move();
    await keeper.count(arriveStatement(this.tables, this.source, ids, keeper.summaries));
    await keeper.settle(false);
  }

  /** Counts everything anew from the documents, e.g. after trials were deleted by other means. Summaries are dropped. */
  async recount(): Promise<void> {
    await this.exclusively(async (manager, keeper) => {
      // One snapshot from here: a report of meanwhile is neither in the documents read here nor taken off the list.
      await runSql(manager, sql`DELETE FROM ${this.tables.uncounted}`);
      await runSql(manager, sql`DELETE FROM ${this.tables.fields}`);
      await keeper.dropAll();
      const all = sql`SELECT "trial_id" FROM ${this.tables.metadata}`;
      await runSql(manager, arriveStatement(this.tables, this.source, all, []));
    });
  }

  private idsOf(trialIds: TrialIds): Sql {
    if (trialIds instanceof Sql) return trialIds;
    return sql`SELECT unnest(${bind(trialIds.map(String), 'text[]')})::${this.trialIdType}`;
  }

  private async countBatch(manager: EntityManager, keeper: SummaryKeeper): Promise<number> {
    // What is looked up for a summary must be what was counted: all that waits, or no summary.
    if (keeper.summaries.length > 0 && (await this.isTooMuch(manager))) await keeper.dropAll();
    const waiting = sql`SELECT DISTINCT "trial_id" FROM ${this.tables.uncounted} LIMIT ${bind(BATCH, 'bigint')}`;
    const taken = await keeper.count(countStatement(this.tables, this.source, waiting, keeper.summaries));
    await keeper.settle(true);
    return taken;
  }

  private async isTooMuch(manager: EntityManager): Promise<boolean> {
    const [row] = await runSql<{ waiting: number }>(
      manager,
      sql`SELECT count(*)::integer AS "waiting" FROM (
        SELECT DISTINCT "trial_id" FROM ${this.tables.uncounted} LIMIT ${bind(BATCH + 1, 'bigint')}) AS "waiting"`,
    );
    return (row?.waiting ?? 0) > BATCH;
  }

  /** One transaction at a time counts. A LOCK takes no snapshot, so what follows sees all that came before it. */
  private async open(manager: EntityManager): Promise<SummaryKeeper> {
    await runSql(manager, sql`LOCK TABLE ${this.tables.fields} IN SHARE ROW EXCLUSIVE MODE`);
    // Compiling the recursive statement took half of its time.
    await runSql(manager, sql`SET LOCAL jit = off`);
    return await SummaryKeeper.open(manager, this.tables, this.source, this.options.valueSummaries.values);
  }

  private async isWaiting(): Promise<boolean> {
    const waiting = await runSql(this.dataSource, sql`SELECT FROM ${this.tables.uncounted} LIMIT 1`);
    return waiting.length > 0;
  }
}
