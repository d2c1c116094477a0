import type { EntityManager } from 'typeorm';
import type { Sql } from '../query/index.js';

/** Runs one statement in a transaction and gives its rows, with `bigint` and `numeric` values as strings. */
export async function runSql<Row>(manager: EntityManager, statement: Sql): Promise<Row[]> {
  const { text, values } = statement.toPositional();
  return await manager.query(text, [...values]);
}
