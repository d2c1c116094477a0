import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { sqlStateOf } from './sql-state.js';

/** What a connection answers that does not know the statement after all, or that cannot use it as it was planned. */
const REFUSALS: readonly (string | undefined)[] = [
  '26000', // there is none: a pooler such as PgBouncer put another server behind the connection
  '42P05', // there is one already, for the same reason
  '0A000', // the table was altered since
];

/** Which statements are prepared; a connection keeps each of them for good. */
export interface PreparedLimits {
  /** How often a statement is sent plainly before; default 0. */
  readonly after: number;
  /** How many different ones; default all. */
  readonly most: number;
}

/** Different statements whose number of uses is remembered. */
const MOST_COUNTED = 1_000;

/**
 * Runs statements that each connection parses once: analysing them takes several times as long as running them. Behind
 * a pooler that mixes connections this cannot work; what was refused is sent plainly, and when that goes through, it is the last one.
 */
export class PreparedStatements {
  private isUsable = true;
  private readonly names = new Map<string, string>();
  private readonly uses = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: PreparedLimits = { after: 0, most: Infinity },
  ) {}

  /**
   * Outside of transactions only: a refusal breaks one off.
   * @param runner of the data source; default: one of its own, on the primary
   */
  async run<Row>(
    text: string,
    parameters: readonly unknown[],
    runner?: QueryRunner,
  ): Promise<readonly Row[]> {
    const name = this.isUsable ? this.nameOf(text) : undefined;
    if (name === undefined) return await this.dataSource.query(text, [...parameters], runner);
    try {
      return await this.dataSource.query(named(name, text), [...parameters], runner);
    } catch (error) {
      if (!REFUSALS.includes(sqlStateOf(error))) throw error;
      const rows = await this.dataSource.query<readonly Row[]>(text, [...parameters], runner);
      // Or else it was the statement that was refused, as Citus does with some, and not that it was prepared.
      this.isUsable = false;
      return rows;
    }
  }

  /** Undefined for a statement that is not prepared, or not yet. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= this.limits.most) return known;
    const uses = this.uses.get(text) ?? 0;
    if (uses < this.limits.after) {
      if (this.uses.size >= MOST_COUNTED) this.uses.clear();
      this.uses.set(text, uses + 1);
      return undefined;
    }
    this.uses.delete(text);
    const name = `trial_metadata_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    this.names.set(text, name);
    return name;
  }
}

function named(name: string, text: string): string {
  // TypeORM hands on to pg what it is given, and pg takes an object too; as text, e.g. in a log, it is the statement.
  const statement: unknown = { name, text, toString: () => text };
  return statement as string;
}
