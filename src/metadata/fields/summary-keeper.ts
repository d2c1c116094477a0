import type { EntityManager } from 'typeorm';
import { bind, sql, type Sql, type TrialSource } from '../query/index.js';
import type { CountRow } from './count-statements.js';
import type { FieldTables } from './field-tables.js';
import {
  addReadStatement,
  cutStatement,
  dropStatement,
  emptiedStatement,
  enterStatement,
  fallenStatement,
  fileStatement,
  lookUpStatement,
  shortStatement,
  summariesStatement,
  unlistedStatement,
} from './summary-statements.js';
import type { Summary } from './value-summary.js';
import { runSql } from '../storage/run-sql.js';

/** Values of one summary that are looked up after one count; more are dearer than to make the summary anew. */
const MOST_LOOK_UPS = 2_000;
/** Up to so many look-ups it is cheaper to read the waiting list of the index each time. */
const FEW_LOOK_UPS = 20;
/** Changes that a summary collects while its values are read. */
const MOST_COLLECTED = 50_000;

/** A {@link Summary} as the database has it. */
interface SummaryRow extends Omit<Summary, 'scope'> {
  readonly scope: string | null;
}

/** What was read of the documents for a new summary. */
export interface ReadValues {
  /** JSON text of the values in their order: `[[value, trials], …]`. */
  readonly rows: string;
  /** The last of them when there are more in the documents; undefined: these are all. */
  readonly last: { readonly value: string; readonly trials: string } | undefined;
}

/**
 * Keeps the value summaries exact while counts move. A summary lists the first values of a field in the order of the answer
 * (count descending, value ascending): all of them, or all up to a place in that order that it remembers. Everything here
 * happens in the transaction of the counter, under its lock.
 */
export class SummaryKeeper {
  private readonly ids = new Set<string>();

  private constructor(
    private readonly manager: EntityManager,
    private readonly tables: FieldTables,
    private readonly source: TrialSource,
    private readonly most: number,
    private all: readonly Summary[],
  ) {}

  /** @param most values of one summary */
  static async open(
    manager: EntityManager,
    tables: FieldTables,
    source: TrialSource,
    most: number,
  ): Promise<SummaryKeeper> {
    const rows = await runSql<SummaryRow>(manager, summariesStatement(tables));
    const summaries = rows.map((row) => ({ ...row, scope: row.scope ?? undefined }));
    return new SummaryKeeper(manager, tables, source, most, summaries);
  }

  /** The summaries that there are. */
  get summaries(): readonly Summary[] {
    return this.all;
  }

  /** Runs a statement that counts, and remembers which summaries have to be settled. @returns the number of trials counted */
  async count(statement: Sql): Promise<number> {
    const [row] = await runSql<CountRow>(this.manager, statement);
    await this.drop(row?.unfit ?? []);
    for (const id of row?.moved ?? []) this.ids.add(id);
    return Number(row?.taken ?? 0);
  }

  async dropAll(): Promise<void> {
    await this.drop(this.all.map(({ id }) => id));
  }

  async drop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.run(dropStatement(this.tables, ids));
    this.all = this.all.filter(({ id }) => !ids.includes(id));
  }

  /**
   * Brings the lists into order after counts moved.
   * @param mayLookUp whether the documents that this transaction sees are just those that were counted; else a summary is dropped
   * when a value that it does not list may have come up
   */
  async settle(mayLookUp: boolean): Promise<void> {
    const moved = this.all.filter(({ id }) => this.ids.has(id));
    this.ids.clear();
    const building = idsOf(moved.filter(({ ready }) => !ready));
    if (building.length > 0) {
      const collected = await this.unlisted(building);
      await this.drop(collected.filter(({ values }) => values > MOST_COLLECTED).map(({ id }) => id));
    }
    const ready = moved.filter((summary) => summary.ready);
    if (ready.length === 0) return;
    const ids = idsOf(ready);
    await this.run(emptiedStatement(this.tables, ids));
    await this.run(enterStatement(this.tables, ids));
    await this.lookUp(ready, mayLookUp);
    // First: what lies behind the place up to which all is listed must not become that place.
    await this.run(fallenStatement(this.tables, ids));
    await this.run(cutStatement(this.tables, ids, this.most));
    await this.run(fallenStatement(this.tables, ids));
    await this.run(shortStatement(this.tables, ids, Math.ceil(this.most / 4)));
  }

  /**
   * Makes a summary ready whose values were read while it collected what changed.
   * @param build the one that began it
   * @returns false when it was dropped meanwhile
   */
  async finish(id: string, build: string, read: ReadValues): Promise<boolean> {
    const { summaries } = this.tables;
    const begun = await this.run(
      sql`SELECT FROM ${summaries} WHERE "summary" = ${bind(id, 'text')} AND "build" = ${bind(build, 'text')} AND NOT "ready"`,
    );
    if (begun.length === 0) return false;
    await this.run(addReadStatement(this.tables, id, read.rows));
    await this
      .run(sql`UPDATE ${summaries} SET "ready" = true, "complete" = ${bind(read.last === undefined, 'boolean')},
        "last_trials" = ${bind(read.last?.trials, 'bigint')}, "last_value" = ${bind(read.last?.value, 'jsonb')}
      WHERE "summary" = ${bind(id, 'text')}`);
    this.all = this.all.map((summary) => (summary.id === id ? { ...summary, ready: true } : summary));
    this.ids.add(id);
    await this.settle(true);
    return true;
  }

  private async lookUp(ready: readonly Summary[], mayLookUp: boolean): Promise<void> {
    const wanted = await this.unlisted(idsOf(ready));
    const few = wanted.filter(({ values }) => mayLookUp && values <= MOST_LOOK_UPS);
    if (few.reduce((sum, { values }) => sum + values, 0) > FEW_LOOK_UPS) {
      await this.run(fileStatement(this.tables));
    }
    for (const { id } of few) {
      const summary = ready.find((each) => each.id === id);
      if (summary !== undefined) await this.run(lookUpStatement(this.tables, this.source, summary));
    }
    if (wanted.length > 0) await this.drop(idsOf(await this.unlisted(idsOf(ready))));
  }

  private async unlisted(
    ids: readonly string[],
  ): Promise<readonly { readonly id: string; readonly values: number }[]> {
    return await this.run(unlistedStatement(this.tables, ids));
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    return await runSql<Row>(this.manager, statement);
  }
}

function idsOf(summaries: readonly Pick<Summary, 'id'>[]): readonly string[] {
  return summaries.map(({ id }) => id);
}
