import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import {
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
  TRIAL_SOURCE,
} from '../metadata.tokens.js';
import { bind, sql, type Sql, type TrialSource } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { FieldCounter } from './field-counter.js';
import { fieldTables, type FieldTables } from './field-tables.js';
import type { ReadValues } from './summary-keeper.js';
import { readValuesStatement } from './summary-statements.js';
import { summaryId, type SummarySubject } from './value-summary.js';
import { poolSizeOf } from '../storage/pool-size.js';
import { runSql } from '../storage/run-sql.js';

/** What came of it: made now; there already; not to be had of this field as it is; or not now. */
export type Making = 'made' | 'there' | 'unsuitable' | 'put off';

/** Milliseconds that the documents may take to be read. */
const READ_TIMEOUT = 10 * 60 * 1_000;
/** How long a summary that is being made counts as such; one that is older was left by a process that ended. */
const LONGEST_BUILD = sql`interval '15 minutes'`;
/** How long a summary keeps its place against those asked for later. */
const KEPT = sql`interval '1 hour'`;

interface ReadRow {
  readonly value: string;
  readonly trials: string;
  readonly listable: boolean;
}

/**
 * Makes value summaries. Counting goes on while the documents are read: they are read as they were at one moment, from
 * which on the counter notes what changes, and both are added up in the end.
 */
@Injectable()
export class SummaryBuilder {
  private readonly tables: FieldTables;
  /** The process of the database that reads now. */
  private readerProcess: number | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) names: MetadataTableNames,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly counter: FieldCounter,
  ) {
    this.tables = fieldTables(names);
  }

  /** Makes the summary of a subject where there is none and the field is in enough trials. One at a time. */
  async make(subject: SummarySubject): Promise<Making> {
    const making = this.last.then(() => this.makeNext(subject));
    this.last = making.catch(() => undefined);
    return await making;
  }

  /** Breaks the reading off, if there is any. */
  async cancel(): Promise<void> {
    if (this.readerProcess === undefined) return;
    await this.dataSource.query('SELECT pg_cancel_backend($1)', [this.readerProcess]);
  }

  private async makeNext(subject: SummarySubject): Promise<Making> {
    const id = summaryId(subject);
    if (await this.isMade(id)) return 'there';
    await this.counter.count();
    if (!(await this.isSuitable(subject))) return 'unsuitable';
    if (poolSizeOf(this.dataSource) < 2) return 'put off';
    const build = randomUUID();
    // Before the lock is had, behind which the pool may run empty.
    const reader = this.dataSource.createQueryRunner('master');
    let isDone = false;
    try {
      await reader.connect();
      const isBegun = await this.counter.counted((manager) => this.begin(manager, reader, subject, build));
      if (isBegun !== true) return 'put off';
      const read = await this.read(reader, subject);
      await close(reader);
      if (read === undefined) return 'unsuitable';
      isDone = await this.finish(id, build, read);
      return isDone ? 'made' : 'put off';
    } finally {
      this.readerProcess = undefined;
      if (!reader.isReleased) await close(reader);
      if (!isDone) await this.dropBuild(id, build);
    }
  }

  private async isMade(id: string): Promise<boolean> {
    const rows = await this.query(
      sql`SELECT FROM ${this.tables.summaries} WHERE "summary" = ${bind(id, 'text')} AND "ready"`,
    );
    return rows.length > 0;
  }

  private async isSuitable({ path, scope }: SummarySubject): Promise<boolean> {
    const within = scope === undefined ? sql`true` : sql`"scope" = ${bind(scope, 'text')}`;
    const [row] = await this.query<{ trials: string; listable: boolean }>(
      // Where Citus spreads the documents over servers, no snapshot sees them all as they were at one moment.
      sql`SELECT coalesce(sum("trials"), 0) AS "trials",
             bool_and("type" NOT IN ('array', 'object')) AND to_regclass('pg_catalog.pg_dist_partition') IS NULL AS "listable"
        FROM ${this.tables.fields} WHERE "path_digest" = md5((${bind(path, 'text[]')})::text) AND "trials" > 0 AND ${within}`,
    );
    return row !== undefined && row.listable && Number(row.trials) >= this.options.valueSummaries.fromTrials;
  }

  /**
   * Notes that the summary is being made, and lets the reader see what this transaction sees.
   * @returns false when there is one already, or too many of others
   */
  private async begin(
    manager: EntityManager,
    reader: QueryRunner,
    subject: SummarySubject,
    build: string,
  ): Promise<boolean> {
    const { summaries } = this.tables;
    const id = bind(summaryId(subject), 'text');
    await runSql(
      manager,
      sql`DELETE FROM ${summaries} WHERE "summary" = ${id} AND NOT "ready" AND "begun_at" < now() - ${LONGEST_BUILD}`,
    );
    const others = await runSql(manager, sql`SELECT FROM ${summaries} WHERE "summary" = ${id}`);
    if (others.length > 0 || !(await this.hasRoom(manager))) return false;
    await runSql(
      manager,
      sql`INSERT INTO ${summaries} ("summary", "scope", "path", "build", "begun_at", "asked_at", "ready", "complete")
        VALUES (${id}, ${bind(subject.scope, 'text')}, ${bind(subject.path, 'text[]')}, ${bind(build, 'text')}, now(), now(), false, false)`,
    );
    const [exported] = await runSql<{ snapshot: string }>(
      manager,
      sql`SELECT pg_export_snapshot() AS "snapshot"`,
    );
    // One message, since a snapshot must be set before anything is read.
    await reader.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${exported?.snapshot ?? ''}'; SET LOCAL statement_timeout = ${READ_TIMEOUT}; SET LOCAL jit = off`,
    );
    return true;
  }

  /** Whether one more is allowed, after one is dropped that was not asked for lately. */
  private async hasRoom(manager: EntityManager): Promise<boolean> {
    const { summaries } = this.tables;
    const [row] = await runSql<{ room: number }>(
      manager,
      sql`SELECT ${bind(this.options.valueSummaries.most, 'integer')} - count(*)::integer AS "room" FROM ${summaries}`,
    );
    if ((row?.room ?? 0) > 0) return true;
    const dropped = await runSql(
      manager,
      sql`WITH "gone" AS (
          DELETE FROM ${summaries} WHERE "summary" = (
            SELECT "summary" FROM ${summaries} WHERE "asked_at" < now() - ${KEPT} ORDER BY "asked_at" LIMIT 1)
          RETURNING 1)
        SELECT FROM "gone"`,
    );
    return dropped.length > 0;
  }

  /** @returns undefined when there is a value among the first that no summary can list */
  private async read(reader: QueryRunner, subject: SummarySubject): Promise<ReadValues | undefined> {
    const [process] = (await reader.query('SELECT pg_backend_pid() AS "pid"')) as { pid: number }[]; // as selected
    this.readerProcess = process?.pid;
    const most = this.options.valueSummaries.values;
    const statement = readValuesStatement(this.tables, this.source, subject, most + 1);
    const rows = await runSql<ReadRow>(reader, statement);
    this.readerProcess = undefined;
    const listed = rows.slice(0, most);
    if (listed.some(({ listable }) => !listable)) return undefined;
    return {
      rows: `[${listed.map(({ value, trials }) => `[${value},${trials}]`).join(',')}]`,
      last: rows.length > most ? listed.at(-1) : undefined,
    };
  }

  private async finish(id: string, build: string, read: ReadValues): Promise<boolean> {
    await this.counter.count();
    const isDone = await this.counter.counted((_, keeper) => keeper.finish(id, build, read));
    return isDone ?? false;
  }

  private async dropBuild(id: string, build: string): Promise<void> {
    await this.counter.exclusively(async (manager) => {
      await runSql(
        manager,
        sql`DELETE FROM ${this.tables.summaries} WHERE "summary" = ${bind(id, 'text')} AND "build" = ${bind(build, 'text')}`,
      );
    });
  }

  private async query<Row>(statement: Sql): Promise<Row[]> {
    return await runSql(this.dataSource.manager, statement);
  }
}

async function close(runner: QueryRunner): Promise<void> {
  await runner.query('ROLLBACK').catch(() => undefined);
  await runner.release();
}
