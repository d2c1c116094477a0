import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';

/** Set EXPORT_TRIALS=200000 for the long form. */
const TRIALS = Number(process.env['EXPORT_TRIALS'] ?? 10_000);
const MEBIBYTE = 2 ** 20;
/** What the process may grow by, however many trials there are. The client runs in it, too. */
const MOST_GROWTH = 250 * MEBIBYTE;

describe(`an export of ${TRIALS} trials`, () => {
  let host: ExperimentsHost;

  beforeAll(async () => {
    host = await bootExperimentsHost();
    await host.dataSource.query(`INSERT INTO projects (name, created_at) VALUES ('many', now())`);
    await host.dataSource.query(`INSERT INTO experiments (project_id, name) SELECT id, 'many' FROM projects`);
    await host.dataSource.query(
      `WITH trial AS (INSERT INTO trials (experiment_id, number)
                      SELECT id, n FROM experiments, generate_series(1, $1) AS n RETURNING id, number)
       INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
       SELECT id, jsonb_build_object('loss', (number * 7919) % 104729, 'seed', number, 'framework', 'pytorch',
                'hardware', jsonb_build_object('gpu', 'A100', 'count', number % 8),
                'notes', repeat(md5(number::text) || ' ', 40)), 1, now() FROM trial`,
      [TRIALS],
    );
    await host.dataSource.query('ANALYZE');
  }, 600_000);

  afterAll(() => host.close());

  it.each(['format=csv', 'format=jsonl&sort=-metadata.loss'])(
    'keeps its memory: %s',
    async (query) => {
      await drain(`${query}&trial.number[lte]=1000`);
      const before = process.memoryUsage().rss;
      let peak = before;
      const sample = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);
      const started = Date.now();
      const bytes = await drain(query);
      clearInterval(sample);
      const mebibytes = (size: number) => `${Math.round(size / MEBIBYTE)} MiB`;
      console.info(
        `${query}: ${TRIALS} trials, ${mebibytes(bytes)} in ${Date.now() - started} ms, ` +
          `memory ${mebibytes(before)} before, ${mebibytes(peak)} at most`,
      );
      expect(bytes).toBeGreaterThan(TRIALS * 1_300);
      expect(peak - before).toBeLessThan(MOST_GROWTH);
    },
    600_000,
  );

  it('waits for a client that reads slowly', async () => {
    // A connection of its own: that of a quick reader has grown a buffer which takes all of it.
    const response = await open('format=jsonl');
    /** When the session of the export began its last statement, while it waits for more; that of what counts fields began later. */
    const waiting = () =>
      host.value(
        `SELECT min(query_start)::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
    // It has stopped between two statements, and stays there while nobody reads.
    let before = await waiting();
    for (let same = 0; same < 20; same += 1) {
      await pause(20);
      const now = await waiting();
      if (now === null || now !== before) same = 0;
      before = now;
    }
    let bytes = 0;
    for await (const part of response as AsyncIterable<Buffer>) bytes += part.length;
    expect(bytes).toBeGreaterThan(TRIALS * 1_300);
    // The transaction ends a moment after the last byte.
    while ((await waiting()) === before) await pause(10);
  }, 600_000);

  /** Begins an export, of which nothing is read yet. */
  function open(query: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(`${host.url}/api/v1/trials/export?${query}`, { agent: false }, resolve).on('error', reject);
    });
  }

  /** Reads an export to its end and keeps nothing of it; gives its size. */
  async function drain(query: string): Promise<number> {
    const response = await fetch(`${host.url}/api/v1/trials/export?${query}`);
    expect(response.status).toBe(200);
    let bytes = 0;
    for await (const part of response.body as AsyncIterable<Uint8Array>) bytes += part.length;
    return bytes;
  }
});
