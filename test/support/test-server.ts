/**
 * The PostgreSQL of one test run, as a process of its own: it prints where the server is, waits until its standard input
 * ends, which it does however the test run ends, and then leaves nothing behind, no database and no server.
 *
 * `TEST_DATABASE_URL` names a server to use instead of an embedded one; its user must be allowed to create databases.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/master/database/embedded-postgres.js';
import { createDatabase, dropDatabases, urlOf } from './databases.js';
import { endLeftProcesses } from './end-left-processes.js';
import type { TestServer } from './test-server-address.js';

const prefix = `tm_${randomBytes(4).toString('hex')}_`;

/** For tests alone: what a power failure would lose is of no use to anybody. */
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' };

async function migratedTemplate(adminUrl: string): Promise<Pick<TestServer, 'template' | 'templateError'>> {
  const template = `${prefix}template`;
  try {
    const [{ migrate }, { masterMigrations }] = await Promise.all([
      import('../../src/master/database/migrate.js'),
      import('../../src/master/database/migrations.js'),
    ]);
    await createDatabase(adminUrl, template);
    await migrate(urlOf(adminUrl, template), masterMigrations);
    return { template };
  } catch (error) {
    // Tests that bring their own tables run all the same; the others are told.
    return {
      template,
      templateError: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

async function serveUntilInputEnds(adminUrl: string, folder: string): Promise<void> {
  const server: TestServer = { adminUrl, folder, prefix, ...(await migratedTemplate(adminUrl)) };
  process.stdout.write(`${JSON.stringify(server)}\n`);
  await once(process.stdin.resume(), 'end');
  await endLeftProcesses(folder);
  await dropDatabases(adminUrl, prefix);
}

async function serve(folder: string): Promise<void> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    const client = new pg.Client({ connectionString: given });
    await client.connect();
    await client.end();
    await serveUntilInputEnds(given, folder);
    return;
  }
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'server'), settings: FAST });
  try {
    await serveUntilInputEnds(server.adminUrl, folder);
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  // Ctrl-C goes to every process of the terminal; this one ends after the tests, by the end of its input.
  process.on('SIGINT', () => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-test-'));
  try {
    await chmod(folder, 0o755);
    await serve(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
