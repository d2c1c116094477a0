/**
 * The PostgreSQL of one test run, as a process of its own: it prints where the server is, waits until its standard input
 * ends, which it does however the test run ends, and then leaves nothing behind, no database and no server.
 *
 * `TEST_DATABASE_URL` names a server to use instead of an embedded one; its user must be allowed to create databases.
 */
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPostgres, type TestPostgres } from '../../src/testing/index.js';
import { endLeftProcesses } from './end-left-processes.js';
import type { TestServer } from './test-server-address.js';

async function migratedTemplate(
  postgres: TestPostgres,
): Promise<Pick<TestServer, 'template' | 'templateError'>> {
  const template = `${postgres.prefix}template`;
  try {
    const [{ migrate }, { masterMigrations }] = await Promise.all([
      import('../../src/master/database/migrate.js'),
      import('../../src/master/database/migrations.js'),
    ]);
    const { url } = await postgres.createDatabase({ name: template });
    await migrate(url, masterMigrations);
    return { template };
  } catch (error) {
    // Tests that bring their own tables run all the same; the others are told.
    return {
      template,
      templateError: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

async function serve(folder: string): Promise<void> {
  const postgres = await startTestPostgres();
  try {
    const { url: adminUrl, prefix } = postgres;
    const server: TestServer = { adminUrl, folder, prefix, ...(await migratedTemplate(postgres)) };
    process.stdout.write(`${JSON.stringify(server)}\n`);
    await once(process.stdin.resume(), 'end');
    await endLeftProcesses(folder);
  } finally {
    await postgres.stop();
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
