import type { DataSource } from 'typeorm';
import { DatabaseBusyError } from './metadata.errors.js';
import type { Sql } from './query/index.js';
import { sqlStateOf } from './storage/sql-state.js';

/** Runs one statement and gives its rows, with `bigint` and `numeric` values as strings. */
export type RunSql = <Row = Record<string, unknown>>(statement: Sql) => Promise<Row[]>;

/** SQLSTATE of a statement that ran longer than `statement_timeout`. */
const QUERY_CANCELED = '57014';

/**
 * Runs statements that only read, in one snapshot of the database and with a time limit on each.
 * @param timeout milliseconds for each statement
 * @throws DatabaseBusyError when a statement takes longer
 */
export async function readOnly<T>(
  dataSource: DataSource,
  timeout: number,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner('slave');
  try {
    // One round trip. JIT compilation costs more than it saves on pages of some dozen rows.
    await runner.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(timeout)}; SET LOCAL jit = off`,
    );
    const run: RunSql = async <Row>(statement: Sql) => {
      const { text, values } = statement.toPositional();
      return (await runner.query(text, [...values])) as Row[]; // the caller knows what he selects
    };
    const result = await work(run);
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await runner.query('ROLLBACK').catch(() => undefined);
    if (sqlStateOf(error) === QUERY_CANCELED) throw new DatabaseBusyError(timeout);
    throw error;
  } finally {
    await runner.release();
  }
}
