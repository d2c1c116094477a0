import type { Sql } from '../query/index.js';

/** What statements are sent to: a data source, a query runner, or the manager of a transaction. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Runs one statement and gives its rows, with `bigint` and `numeric` values as strings. */
export async function runSql<Row>(queryable: Queryable, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.toPositional();
  return (await queryable.query(text, [...values])) as Row[]; // the caller knows what he selects
}
