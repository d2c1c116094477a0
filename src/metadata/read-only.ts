import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseBusyError } from './metadata.errors.js';
import type { Sql } from './query/index.js';
import { runSql } from './storage/run-sql.js';
import { sqlStateOf } from './storage/sql-state.js';

/** Runs one statement and gives its rows, with `bigint` and `numeric` values as strings. */
export type RunSql = <Row = Record<string, unknown>>(statement: Sql) => Promise<Row[]>;

/** SQLSTATE of a statement that ran longer than `statement_timeout`. */
const QUERY_CANCELED = '57014';

/** Where a read goes when the data source has replicas: what must be up to date is read from the primary. */
export type ReadFrom = 'replica' | 'primary';

/**
 * Runs statements that only read, in one snapshot of the database and with a time limit on each.
 * @param timeout milliseconds for each statement
 * @param from by default the primary; a replica where nobody waits to read what he has just written
 * @throws DatabaseBusyError when a statement takes longer
 */
export async function readOnly<T>(
  dataSource: DataSource,
  timeout: number,
  work: (run: RunSql) => Promise<T>,
  from: ReadFrom = 'primary',
): Promise<T> {
  const runner = await openReader(dataSource, from);
  let end = 'ROLLBACK';
  try {
    // One round trip. JIT compilation costs more than it saves on pages of some dozen rows.
    await runner.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(timeout)}; SET LOCAL jit = off`,
    );
    const result = await work((statement) => runSql(runner, statement));
    end = 'COMMIT';
    return result;
  } catch (error) {
    if (sqlStateOf(error) === QUERY_CANCELED) throw new DatabaseBusyError(timeout);
    throw error;
  } finally {
    // Nothing hangs on how it ends, so nobody waits for it; the connection goes back to its pool behind it.
    void runner
      .query(end)
      .catch(() => undefined)
      .finally(() => runner.release());
  }
}

/** As {@link readOnly}, from a replica where there is one: for searches and analyses, which may lag behind. */
export async function readReplica<T>(
  dataSource: DataSource,
  timeout: number,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  return await readOnly(dataSource, timeout, work, 'replica');
}

/** A connection to read by, to be released. While the replica cannot be reached, the primary serves its readers too. */
export async function openReader(dataSource: DataSource, from: ReadFrom): Promise<QueryRunner> {
  if (from === 'replica' && dataSource.driver.isReplicated) {
    const runner = dataSource.createQueryRunner('slave');
    try {
      await runner.connect();
      return runner;
    } catch {
      await runner.release();
    }
  }
  return dataSource.createQueryRunner('master');
}
