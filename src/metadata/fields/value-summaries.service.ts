import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { RepeatedWork } from '../background/repeated-work.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import { bind, sql, type Sql } from '../query/index.js';
import { readOnly } from '../read-only.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { FieldCounter } from './field-counter.js';
import { fieldTables, type FieldTables } from './field-tables.js';
import { SummaryBuilder } from './summary-builder.js';
import { summaryId, type SummarySubject } from './value-summary.js';
import { runSql } from '../storage/run-sql.js';

/** Which rows are asked of a summary. */
export interface SummaryRequest {
  readonly subject: SummarySubject;
  /** From `counted(value, count)`, in the order of the answer, `limit` rows at most. */
  readonly select: (counted: Sql) => Sql;
  readonly limit: number;
  /** Whether values are left out before `limit`: then the summary must list all that there are. */
  readonly selective: boolean;
}

/** Milliseconds between two looks at what was asked for. */
const INTERVAL = 1_000;
/** Milliseconds between two looks for summaries that nobody asks for. */
const IDLE_INTERVAL = 60 * 60 * 1_000;
/** Milliseconds until a field is looked at again that was not suitable. */
const UNSUITABLE_PAUSE = 5 * 60 * 1_000;
/** How many times as long as it took to make a summary it is not made again. */
const PAUSE = 20;
/** Subjects that wait to be looked at. */
const MOST_WAITING = 200;

/**
 * Answers which values a field has from a summary, where there is one, and has summaries made of the fields that are asked
 * for.
 */
@Injectable()
export class ValueSummariesService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly background = new RepeatedWork(new Logger(ValueSummariesService.name));
  private readonly tables: FieldTables;
  private readonly asked = new Map<string, SummarySubject>();
  private readonly used = new Set<string>();
  private readonly pauses = new Map<string, number>();
  private idleLook = 0;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) names: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly counter: FieldCounter,
    private readonly builder: SummaryBuilder,
  ) {
    this.tables = fieldTables(names);
  }

  onApplicationBootstrap(): void {
    this.background.start({
      interval: INTERVAL,
      failure: 'The summaries of values were not looked after',
      work: () => this.work(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const stopped = this.background.stop();
    await this.builder.cancel().catch(() => undefined);
    await stopped;
  }

  /**
   * Rows of a summary, with everything counted that was written before the call.
   * @returns undefined when no summary tells, or what was written is not counted within a moment
   */
  async answer<Row>(request: SummaryRequest): Promise<readonly Row[] | undefined> {
    const { subject, select, limit, selective } = request;
    const { summaries, summaryValues } = this.tables;
    const id = bind(summaryId(subject), 'text');
    const found = sql`SELECT "complete", "asked_at" < now() - interval '1 hour' AS "unused"
      FROM ${summaries} WHERE "summary" = ${id} AND "ready"`;
    if (this.options.valueSummaries.most === 0) return undefined;
    if ((await runSql(this.dataSource.manager, found)).length === 0) return undefined;
    if (!(await this.counter.countForReader())) return undefined;
    return await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      const [summary] = await run<{ complete: boolean; unused: boolean }>(found);
      if (summary === undefined || (selective && !summary.complete)) return undefined;
      const rows = await run<Row>(
        select(
          sql`SELECT "value", "trials" AS "count" FROM ${summaryValues} WHERE "summary" = ${id} AND "listed"`,
        ),
      );
      if (!summary.complete && rows.length < limit) return undefined;
      if (summary.unused) this.used.add(summaryId(subject));
      return rows;
    });
  }

  /** Notes that a summary would have been of use, so that it is made in the background if it is worth it. */
  ask(subject: SummarySubject): void {
    const id = summaryId(subject);
    if (this.options.valueSummaries.most === 0 || this.asked.size >= MOST_WAITING) return;
    if ((this.pauses.get(id) ?? 0) <= Date.now()) this.asked.set(id, subject);
  }

  private async work(): Promise<void> {
    for (const [id, subject] of this.asked) {
      this.asked.delete(id);
      if (!this.background.isStopped) await this.attempt('made', () => this.make(id, subject));
    }
    if (this.used.size > 0) await this.attempt('marked as used', () => this.markUsed());
    if (this.idleLook <= Date.now()) await this.attempt('looked through', () => this.dropIdle());
  }

  private async make(id: string, subject: SummarySubject): Promise<void> {
    const begin = Date.now();
    this.pauses.set(id, begin + UNSUITABLE_PAUSE);
    const making = await this.builder.make(subject);
    if (making !== 'unsuitable') this.pauses.set(id, Date.now() + PAUSE * (Date.now() - begin));
  }

  private async markUsed(): Promise<void> {
    const ids = [...this.used];
    this.used.clear();
    // As all that changes a summary, while nobody counts.
    await this.counter.exclusively((manager) =>
      runSql(
        manager,
        sql`UPDATE ${this.tables.summaries} SET "asked_at" = now() WHERE "summary" = ANY (${bind(ids, 'text[]')})`,
      ),
    );
  }

  /** Drops what nobody asked for, or everything where there shall be none. */
  private async dropIdle(): Promise<void> {
    const now = Date.now();
    this.idleLook = now + IDLE_INTERVAL;
    for (const [id, end] of this.pauses) if (end <= now) this.pauses.delete(id);
    const { most, idleDays } = this.options.valueSummaries;
    const idle = sql`SELECT "summary" AS "id" FROM ${this.tables.summaries}
      WHERE ${bind(most, 'integer')} = 0 OR "asked_at" < now() - ${bind(idleDays, 'integer')} * interval '1 day'`;
    if ((await runSql(this.dataSource.manager, idle)).length === 0) return;
    await this.counter.exclusively(async (manager, keeper) => {
      const rows = await runSql<{ id: string }>(manager, idle);
      await keeper.drop(rows.map((row) => row.id));
    });
  }

  /** Each by itself: what fails keeps nothing else from being done. Without a summary the documents are read. */
  private async attempt(done: string, work: () => Promise<unknown>): Promise<void> {
    await this.background.attempt(`A summary of values was not ${done}`, work);
  }
}
