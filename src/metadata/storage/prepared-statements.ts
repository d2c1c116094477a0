import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { sqlStateOf } from './sql-state.js';

/** What a connection answers that does not know the statement after all, or that cannot use it as it was planned. */
const REFUSALS: readonly (string | undefined)[] = [
  '26000', // there is none: a pooler such as PgBouncer put another server behind the connection
  '42P05', // there is one already, for the same reason
  '0A000', // the table was altered since
];

/**
 * Runs statements that each connection parses once: analysing them takes several times as long as running them. Behind
 * a pooler that mixes connections this cannot work; the first refusal ends it, and what was refused is sent plainly.
 */
export class PreparedStatements {
  private isUsable = true;
  private readonly names = new Map<string, string>();

  constructor(private readonly dataSource: DataSource) {}

  /** Outside of transactions only: a refusal breaks one off. */
  async run<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    if (this.isUsable) {
      try {
        return await this.dataSource.query(this.named(text), [...parameters]);
      } catch (error) {
        if (!REFUSALS.includes(sqlStateOf(error))) throw error;
        this.isUsable = false;
      }
    }
    return await this.dataSource.query(text, [...parameters]);
  }

  private named(text: string): string {
    let name = this.names.get(text);
    if (name === undefined) {
      name = `trial_metadata_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
      this.names.set(text, name);
    }
    // TypeORM hands on to pg what it is given, and pg takes an object too; as text, e.g. in a log, it is the statement.
    const statement: unknown = { name, text, toString: () => text };
    return statement as string;
  }
}
