import { createServer } from 'node:net';
import { readFile, rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { codeOf } from './error-facts.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { Cluster } from './cluster.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { findPostmaster } from './postmaster.js';
import type { ServerAccount } from './server-account.js';

/** For two cores and a developer's memory; `jit` costs more than it gives at these sizes. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '32MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const START_SECONDS = 300;
const SILENT_SECONDS = 15;
const LARGE_LOG_BYTES = 16 * 1024 * 1024;

/** The server process on a cluster: started, found again and stopped through `pg_ctl`, so on Windows too. */
export class ServerProcess {
  #port = 0;

  constructor(
    private readonly binaries: PostgresBinaries,
    private readonly account: ServerAccount,
    private readonly cluster: Cluster,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Superuser's connection URL; the port is known once the server runs. */
  get adminUrl(): string {
    return `postgresql://postgres:${this.cluster.passwords.superuser}@127.0.0.1:${this.#port}/postgres`;
  }

  /**
   * Sees to it that the server runs and answers; once it has run, it always comes back on the same port.
   *
   * @returns whether it was running already.
   * @throws EmbeddedPostgresError with the server's own last word when it does not start.
   */
  async ensureRunning(): Promise<boolean> {
    let started = false;
    const silentSince = Date.now();
    for (;;) {
      const running = await findPostmaster(this.cluster.dataFolder);
      if (!running) {
        await this.#start();
        started = true;
        continue;
      }
      if (running.port > 0) {
        this.#port = running.port;
        const refusal = await this.#knock();
        if (refusal === undefined) return !started;
        if (refusal === 'not ours' || Date.now() - silentSince > SILENT_SECONDS * 1000) {
          throw new EmbeddedPostgresError(
            `Process ${running.pid} holds ${this.cluster.dataFolder}/postmaster.pid but does not answer as our database. End it, then start again.`,
          );
        }
      }
      await sleep(100);
    }
  }

  /** Ends the server: open transactions are rolled back, what was committed is on disk. */
  async stop(): Promise<void> {
    const stop = ['-D', this.cluster.dataFolder, '-w', 'stop'];
    const result = await this.account.run(this.binaries.pgCtl, [...stop, '-t', '30', '-m', 'fast']);
    if (result.code !== 0 && (await findPostmaster(this.cluster.dataFolder))) {
      await this.account.run(this.binaries.pgCtl, [...stop, '-t', '10', '-m', 'immediate']);
    }
  }

  async #start(): Promise<void> {
    await this.#setAsideLargeLog();
    const port = this.#port || (await freePort());
    const settings = { ...SETTINGS, ...this.settings, port: String(port) };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    const { dataFolder, logFile } = this.cluster;
    const start = [
      '-D',
      dataFolder,
      '-l',
      logFile,
      '-w',
      '-t',
      String(START_SECONDS),
      '-o',
      options.join(' '),
    ];
    const result = await this.account.run(this.binaries.pgCtl, [...start, 'start']);
    // When another process was quicker to start the same server, there is one now, and the caller goes on with it.
    if (result.code === 0 || (await findPostmaster(dataFolder))) return;
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL did not start: ${await this.#lastFatal(result.output)}`,
    );
  }

  /** Waits while the server says that it is starting or stopping; undefined when it answers. */
  async #knock(): Promise<'not ours' | 'silent' | undefined> {
    const until = Date.now() + START_SECONDS * 1000;
    for (;;) {
      const client = new pg.Client({ connectionString: this.adminUrl, connectionTimeoutMillis: 5000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return undefined;
      } catch (error) {
        const code = codeOf(error);
        if (code === INVALID_PASSWORD || code === INVALID_AUTHORIZATION) return 'not ours';
        if (code !== CANNOT_CONNECT_NOW || Date.now() > until) return 'silent';
        if (!(await findPostmaster(this.cluster.dataFolder))) return 'silent';
        await sleep(100);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  async #lastFatal(output: string): Promise<string> {
    const log = await readFile(this.cluster.logFile, 'utf8').catch(() => '');
    const lines = (log || output).trim().split('\n').slice(-40);
    const fatal = lines.findLast((line) => /FATAL|PANIC|ERROR|error/.test(line)) ?? lines.at(-1) ?? '';
    return `${fatal.trim()} (log: ${this.cluster.logFile})`;
  }

  async #setAsideLargeLog(): Promise<void> {
    const size = await stat(this.cluster.logFile).then(
      (file) => file.size,
      () => 0,
    );
    if (size > LARGE_LOG_BYTES) await rename(this.cluster.logFile, `${this.cluster.logFile}.old`);
  }
}

const INVALID_PASSWORD = '28P01';
const INVALID_AUTHORIZATION = '28000';
const CANNOT_CONNECT_NOW = '57P03';

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });
}
