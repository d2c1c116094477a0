import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { METADATA_DATA_SOURCE, METADATA_TABLE_NAMES, TRIAL_SOURCE } from '../metadata.tokens.js';
import { bind, sql, type Sql, type TrialSource } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { countStatement, shiftStatement } from './count-statements.js';
import { fieldTables, type FieldTables } from './field-tables.js';

/** Trials counted by one statement: enough to be quick, few enough to keep a report waiting for no more than a moment. */
const BATCH = 5_000;
/** Milliseconds between two looks for revisions that wait to be counted. */
const INTERVAL = 1_000;

/**
 * Keeps the known fields. A report only notes that its revision is to be counted; the counting follows in the
 * background, and before anybody reads the fields, so that reports of the same keys never wait for one another.
 */
@Injectable()
export class FieldCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(FieldCounter.name);
  private readonly tables: FieldTables;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) names: MetadataTableNames,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
  ) {
    this.tables = fieldTables(names);
  }

  onApplicationBootstrap(): void {
    this.countLater();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Counts every revision that was committed before the call; afterwards the known fields are right. */
  async count(): Promise<void> {
    // As a rule there is nothing: one statement then tells, without the lock.
    let taken = (await this.isWaiting()) ? BATCH : 0;
    while (taken === BATCH && !this.stopped) {
      taken = await this.dataSource.transaction((manager) => this.countBatch(manager));
    }
  }

  /**
   * Takes trials out of the count. To be called in the transaction that deletes them, before it does.
   * @param trialIds a SELECT of their ids
   */
  async forget(manager: EntityManager, trialIds: Sql): Promise<void> {
    await this.takeOut(manager, trialIds);
  }

  /**
   * Moves trials from one scope to another. To be called in the transaction that moves them.
   * @param move what changes their scope
   */
  async move(manager: EntityManager, trialIds: Sql, move: () => Promise<void>): Promise<void> {
    await this.takeOut(manager, trialIds);
    await move();
    await run(manager, shiftStatement(this.tables, this.source, trialIds, 1));
  }

  /** Counts everything anew from the documents, e.g. after trials were deleted by other means. */
  async recount(): Promise<void> {
    await this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      await this.lock(manager);
      // One snapshot from here: a report of meanwhile is neither in the documents read here nor taken off the list.
      await run(manager, sql`DELETE FROM ${this.tables.uncounted}`);
      await run(manager, sql`DELETE FROM ${this.tables.fields}`);
      await run(
        manager,
        shiftStatement(this.tables, this.source, sql`SELECT "trial_id" FROM ${this.tables.metadata}`, 1),
      );
    });
  }

  private async takeOut(manager: EntityManager, trialIds: Sql): Promise<void> {
    await this.lock(manager);
    await run(manager, countStatement(this.tables, this.source, trialIds));
    await run(manager, shiftStatement(this.tables, this.source, trialIds, -1));
  }

  private async countBatch(manager: EntityManager): Promise<number> {
    await this.lock(manager);
    const waiting = sql`SELECT DISTINCT "trial_id" FROM ${this.tables.uncounted} LIMIT ${bind(BATCH, 'bigint')}`;
    const [row] = await run<{ taken: string }>(manager, countStatement(this.tables, this.source, waiting));
    return Number(row?.taken ?? 0);
  }

  /** One transaction at a time counts. A LOCK takes no snapshot, so what follows sees all that came before it. */
  private async lock(manager: EntityManager): Promise<void> {
    await run(manager, sql`LOCK TABLE ${this.tables.fields} IN SHARE ROW EXCLUSIVE MODE`);
    // Compiling the recursive statement took half of its time.
    await run(manager, sql`SET LOCAL jit = off`);
  }

  private countLater(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.countIfNeeded().finally(() => this.countLater());
    }, INTERVAL).unref();
  }

  private async isWaiting(): Promise<boolean> {
    const { text } = sql`SELECT FROM ${this.tables.uncounted} LIMIT 1`.toPositional();
    return (await this.dataSource.query<unknown[]>(text)).length > 0;
  }

  private async countIfNeeded(): Promise<void> {
    try {
      await this.count();
    } catch (error) {
      // The database may be away; the revisions wait.
      this.logger.warn(`Fields were not counted: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function run<Row>(manager: EntityManager, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.toPositional();
  return manager.query(text, [...values]);
}
