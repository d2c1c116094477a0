import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { poolSizeOf } from '../storage/pool-size.js';

/** Milliseconds between two looks whether it is our turn. */
const PAUSE = 200;
const LOCK = `SELECT pg_try_advisory_xact_lock(hashtext('trial_metadata migrations')) AS locked`;

/**
 * Runs the pending migrations of a data source, the host's own among them, while no other process does: of many that
 * start at once the first one migrates, and the others find it done. Each migration is committed by itself.
 *
 *     const dataSource = await new DataSource({ …, migrationsRun: false }).initialize();
 *     await runMigrationsInTurn(dataSource);
 *
 * @returns the names of the migrations that were run now
 * @throws Error of one line when the data source has a pool of one connection: the turn is kept on one of its own
 */
export async function runMigrationsInTurn(dataSource: DataSource): Promise<readonly string[]> {
  if (poolSizeOf(dataSource) === 1) {
    throw new Error(
      'Migrations in turn need two connections, one to keep the turn. Set poolSize to 2 or more.',
    );
  }
  const turn = dataSource.createQueryRunner('master');
  try {
    await takeTurn(turn);
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  } finally {
    await turn.query('ROLLBACK').catch(() => undefined);
    await turn.release();
  }
}

/**
 * Holds the lock in a transaction, as PgBouncer asks it, that has no snapshot while it is idle; and asks again instead of
 * waiting: whoever waits has one. An index that is built CONCURRENTLY would wait for it, and it for the index.
 */
async function takeTurn(turn: QueryRunner): Promise<void> {
  for (;;) {
    await turn.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    await turn.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const rows: unknown = await turn.query(LOCK);
    const [row] = rows as readonly { readonly locked: boolean }[]; // its rows, whatever the types say
    if (row?.locked) return;
    await turn.query('ROLLBACK');
    await pause(PAUSE);
  }
}
