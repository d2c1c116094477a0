import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { RepeatedWork } from '../background/repeated-work.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { runSql } from '../storage/run-sql.js';
import { beginAnewStatements, CHANGES_LOCK, cutStatement, isForeignStatement } from './cut-statements.js';

/** Changes deleted by one statement, about. */
const BATCH = 5_000;
/** Milliseconds between two looks. */
const INTERVAL = 10 * 60 * 1_000;
const DAY = 24 * 60 * 60 * 1_000;
/** What a failure is told as. What is old then stays old. */
const FAILURE = 'The list of changes was not looked after';

/** Takes changes off the list that are older than the option `changeRetention` says, in the background. */
@Injectable()
export class ChangeRetentionService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly background = new RepeatedWork(new Logger(ChangeRetentionService.name));

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /** Before the first write: what is in the list must be in the order of this server. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.changes) return;
    await this.background.attempt(FAILURE, () => this.dropForeign());
    if (this.options.changeRetention.days === undefined) return;
    this.background.start({ interval: INTERVAL, failure: FAILURE, work: () => this.forget() });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background.stop();
  }

  /** Takes off all that is old now. @returns the number of changes taken off by this process */
  async forget(): Promise<number> {
    const { days } = this.options.changeRetention;
    if (days === undefined) return 0;
    const before = new Date(Date.now() - days * DAY).toISOString();
    let total = 0;
    let forgotten: number | undefined = BATCH;
    while (forgotten !== undefined && forgotten > 0 && !this.background.isStopped) {
      forgotten = await this.locked(async (manager) => {
        const [row] = await runSql<{ forgotten: number }>(manager, cutStatement(this.tables, before, BATCH));
        return row?.forgotten;
      });
      total += forgotten ?? 0;
    }
    return total;
  }

  /** Begins the list anew where it came from another server with a dump. @returns whether it did */
  async dropForeign(): Promise<boolean> {
    const isForeign = async (manager: EntityManager): Promise<boolean> => {
      const [row] = await runSql<{ foreign: boolean }>(manager, isForeignStatement(this.tables));
      return row?.foreign ?? false;
    };
    if (!(await isForeign(this.dataSource.manager))) return false;
    const done = await this.locked(async (manager) => {
      if (!(await isForeign(manager))) return false;
      for (const statement of beginAnewStatements(this.tables)) await runSql(manager, statement);
      return true;
    });
    return done ?? false;
  }

  /** @returns undefined when another process is at it */
  private async locked<T>(work: (manager: EntityManager) => Promise<T>): Promise<T | undefined> {
    return await this.dataSource.transaction(async (manager) => {
      const [lock] = await runSql<{ locked: boolean }>(manager, CHANGES_LOCK);
      return lock?.locked ? await work(manager) : undefined;
    });
  }
}
