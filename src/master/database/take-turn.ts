import pg from 'pg';

const LOCK = 7_130_442_019;

/** Does some work of a start while no other master does such work on this database: each waits for its turn. */
export async function takeTurn<T>(url: string, work: () => Promise<T>): Promise<T> {
  const turn = new pg.Client({ connectionString: url });
  // A connection that breaks is told by the work itself, which needs the same server.
  turn.on('error', () => undefined);
  await turn.connect();
  try {
    await turn.query('SELECT pg_advisory_lock($1)', [LOCK]);
    return await work();
  } finally {
    await turn.end().catch(() => undefined);
  }
}
