import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const LOCK = 7_130_442_019;
/** Milliseconds between two looks whether it is our turn. */
const PAUSE = 100;

/**
 * Does some work of a start while no other master does such work on this database: each waits for its turn. The lock is
 * held in a transaction that is idle, since PgBouncer gives a session's locks to others, and asked for again and again,
 * since an index that is built CONCURRENTLY waits for everybody who waits in a statement.
 */
export async function takeTurn<T>(url: string, work: () => Promise<T>): Promise<T> {
  const turn = new pg.Client({ connectionString: url });
  // A connection that breaks is told by the work itself, which needs the same server.
  turn.on('error', () => undefined);
  await turn.connect();
  try {
    while (!(await isOurTurn(turn))) await pause(PAUSE);
    return await work();
  } finally {
    await turn.end().catch(() => undefined);
  }
}

async function isOurTurn(turn: pg.Client): Promise<boolean> {
  await turn.query('BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0');
  // Without a parameter: with one, the statement keeps its snapshot as long as the transaction is idle, and an index that
  // is built CONCURRENTLY would wait for that one too.
  const { rows } = await turn.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(${LOCK}) AS locked`,
  );
  if (rows[0]?.locked) return true;
  await turn.query('ROLLBACK');
  return false;
}
