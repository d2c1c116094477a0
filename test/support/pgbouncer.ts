import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../src/postgres/index.js';

/** A PgBouncer in transaction mode in front of a server. */
export interface PgBouncer {
  /** To be set as `TEST_DATABASE_VIA`, so that test databases are reached through it. */
  readonly address: string;
  readonly version: string;
  close(): Promise<void>;
}

/** The version of the `pgbouncer` that is installed; undefined: none is. */
export function pgBouncerVersion(): string | undefined {
  const { stdout, status } = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /PgBouncer (\S+)/.exec(stdout)?.[1] : undefined;
}

/**
 * Starts it with few connections to the server, so that clients get another one all the time.
 * @param adminUrl a user of the server who may reach all databases
 */
export async function startPgBouncer(adminUrl: string): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(adminUrl);
  const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  await writeFile(join(folder, 'users.txt'), `"${username}" "${decodeURIComponent(password)}"\n`);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
server_round_robin = 1
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
`,
  );
  // It does not run as root.
  const account = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], { ...account, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = new URL(adminUrl);
  url.host = `127.0.0.1:${port}`;
  await waitUntilItAnswers(url.href);
  return {
    address: url.host,
    version: pgBouncerVersion() ?? '',
    close: async () => {
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idOf(option: '-u' | '-g'): number {
  return Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout);
}

async function waitUntilItAnswers(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
