import pg from 'pg';
import { reasonOf } from '../../postgres/index.js';
import { StartError } from '../start.error.js';

const OLDEST = 130_000;

interface ServerFacts {
  readonly version: string;
  readonly version_name: string;
  readonly encoding: string;
  readonly icu: boolean;
  readonly trigrams: boolean;
}

const FACTS = `SELECT current_setting('server_version_num') AS version, current_setting('server_version') AS version_name,
  current_setting('server_encoding') AS encoding,
  EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') AS icu,
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS trigrams`;

/**
 * Sees to it that a server of the user's can carry the master: PostgreSQL 13 or newer, UTF-8, with ICU and pg_trgm.
 *
 * @throws StartError in one line that names what is missing; the URL's password is not repeated.
 */
export async function checkServer(url: string): Promise<void> {
  const { host, pathname } = new URL(url);
  const place = `DATABASE_URL (${host}${pathname})`;
  const facts = await readFacts(url).catch((error: unknown) => {
    throw new StartError(`The database of ${place} does not answer: ${reasonOf(error)}.`, { cause: error });
  });
  if (Number(facts.version) < OLDEST) {
    throw new StartError(
      `The server of ${place} is PostgreSQL ${facts.version_name}; 13 or newer is needed.`,
    );
  }
  if (facts.encoding !== 'UTF8') {
    throw new StartError(
      `The database of ${place} is encoded in ${facts.encoding}; make one with ENCODING 'UTF8'.`,
    );
  }
  if (!facts.icu) {
    throw new StartError(
      `The server of ${place} was built without ICU, which comparing text without case needs.`,
    );
  }
  if (!facts.trigrams) {
    throw new StartError(
      `The server of ${place} has no pg_trgm; install PostgreSQL's contrib package there.`,
    );
  }
}

async function readFacts(url: string): Promise<ServerFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<ServerFacts>(FACTS);
    if (!rows[0]) throw new Error('it gave no answer');
    return rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}
