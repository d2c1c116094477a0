import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { METADATA_DATA_SOURCE, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { poolSizeOf } from '../storage/pool-size.js';
import { runSql } from '../storage/run-sql.js';
import type { AdvisorNote } from './advisor-note.js';
import {
  breakOffStatement,
  catalogStatement,
  createStatements,
  dropStatement,
  indexNames,
  lockStatement,
  noteStatement,
  trigramOperatorsStatement,
  type CatalogRow,
  type TrigramOperators,
} from './index-catalog.js';
import { fieldOf, describeIndex, targetKey, type IndexTarget } from './index-target.js';

/** Milliseconds between two looks whether another process is done. */
const TURN_INTERVAL = 250;

/** Builds and drops the indexes of fields, one at a time over all processes that share the tables. */
@Injectable()
export class FieldIndexBuilder implements OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(FieldIndexBuilder.name);
  /** By their keys. */
  private readonly waiting = new Map<string, IndexTarget>();
  private turn: Promise<unknown> = Promise.resolve();
  private changes = 0;
  private stopped = false;
  /** Whether what is being built is the advisor's. */
  private isAdvised = false;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
  ) {}

  /** Begins nothing new, and breaks the advisor's building off, which can begin anew another time. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.isAdvised) await this.run(breakOffStatement(this.tables)).catch(() => undefined);
  }

  /** Waits for what an administrator asked for. */
  async onApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  /** What this process builds the index of or is about to, by {@link targetKey}. */
  get pending(): ReadonlyMap<string, IndexTarget> {
    return this.waiting;
  }

  /** How often this process has changed what indexes there are. */
  get version(): number {
    return this.changes;
  }

  /** Builds the index of a field in the background, unless it is there. A failure is logged. */
  build(target: IndexTarget): void {
    const key = targetKey(target);
    if (this.waiting.has(key)) return;
    void this.alone(async () => {
      if (!this.stopped) await this.buildNow(target);
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(
        `The ${describeIndex({ ...target, field: fieldOf(target) })} was not built: ${reason}`,
      );
      this.waiting.delete(key);
    });
    this.waiting.set(key, target);
  }

  /**
   * Does some work while no process builds or drops an index: two at once would wait for each other, and the database
   * would break one off. The lock is held by a transaction of its own, which keeps no snapshot that the building would
   * wait for, and which a pool of connections in front of the database leaves alone.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(async () => {
      for (;;) {
        const result = await this.ifAlone(work);
        if (result !== undefined) return result.value;
        if (this.stopped) throw new Error('the application ends while another one is building.');
        await sleep(TURN_INTERVAL);
      }
    });
    this.turn = done.catch(() => undefined);
    return await done;
  }

  /**
   * Builds the index of a field, writers not being kept waiting; to be called within {@link alone}.
   * @param note of the advisor, when it makes the index; then the end of the application breaks it off
   * @returns whether it was not there before
   * @throws TextIndexesUnavailableError
   */
  async buildNow(target: IndexTarget, note?: AdvisorNote): Promise<boolean> {
    const key = targetKey(target);
    this.waiting.set(key, target);
    this.isAdvised = note !== undefined;
    try {
      const rows = await this.run<CatalogRow>(catalogStatement(this.tables, true));
      const names: readonly string[] = indexNames(target);
      const found = rows.filter((row) => names.includes(row.name));
      if (found.filter(({ valid }) => valid).length === names.length) return false;
      const remains = found.filter(({ valid, progress }) => !valid && progress === null);
      for (const { name } of remains) await this.run(dropStatement(this.tables, name));
      const [trigrams] = await this.run<TrigramOperators>(trigramOperatorsStatement());
      for (const statement of createStatements(this.tables, target, trigrams)) {
        if (this.isAdvised && this.stopped) throw new Error('the application ends.');
        await this.run(statement);
      }
      if (note !== undefined) await this.write(target, note);
      return true;
    } finally {
      this.isAdvised = false;
      this.changes += 1;
      this.waiting.delete(key);
    }
  }

  /** Drops the index of a field, or does nothing when there is none; to be called within {@link alone}. */
  async dropNow(target: IndexTarget): Promise<void> {
    // First the index itself: without the one beside it, it would be used as if it held all values.
    for (const name of indexNames(target)) await this.run(dropStatement(this.tables, name));
    this.changes += 1;
  }

  /** Writes the advisor's note on the index of a field, or takes it away. */
  async write(target: IndexTarget, note: AdvisorNote | undefined): Promise<void> {
    await this.run(noteStatement(this.tables, target, note));
  }

  /** Resolves when nothing is being built any more. */
  async settled(): Promise<void> {
    await this.turn;
  }

  /** @returns undefined when another process is at it */
  private async ifAlone<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    if (poolSizeOf(this.dataSource) < 2)
      throw new Error('it takes two connections, one to hold the lock. Set poolSize to 2 or more.');
    const runner = this.dataSource.createQueryRunner('master');
    try {
      await runner.startTransaction('READ COMMITTED');
      const [row] = await runSql<{ locked: boolean }>(runner, lockStatement(this.tables));
      if (!row?.locked) return undefined;
      // The work may take long, and the transaction is silent meanwhile.
      await runner.query(
        `SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`,
      );
      return { value: await work() };
    } finally {
      // A connection that broke has given the lock back.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    return await runSql<Row>(this.dataSource, statement);
  }
}
