import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import {
  chooseServerAccount,
  clusterFolder,
  ensureOwnDatabase,
  findPostgresBinaries,
  openCluster,
  ServerProcess,
  type ServerAccount,
} from '../../src/postgres/index.js';

/** Few enough that a client can take them all, more than the master's pool. */
export const MAX_CONNECTIONS = 40;

/** A PostgreSQL server that nobody but the test brings back when it is gone. */
export class FaultDatabase {
  private constructor(
    private readonly server: ServerProcess,
    private readonly dataFolder: string,
    /** The account that the server runs as, for files that it is to write. */
    readonly account: ServerAccount,
    /** Connection URL of the master's database, as its owner. */
    readonly url: string,
  ) {}

  /** Starts it with the durability of a real one: `fsync` and `synchronous_commit` are on. */
  static async start(folder: string): Promise<FaultDatabase> {
    await mkdir(folder, { recursive: true });
    const binaries = findPostgresBinaries();
    const account = await chooseServerAccount(binaries, folder, clusterFolder(folder));
    const cluster = await openCluster(folder, binaries, account);
    const settings = { max_connections: String(MAX_CONNECTIONS), superuser_reserved_connections: '5' };
    const server = new ServerProcess(binaries, account, cluster, settings);
    await server.ensureRunning();
    const url = await ensureOwnDatabase(server.adminUrl, cluster.passwords.owner);
    return new FaultDatabase(server, cluster.dataFolder, account, url);
  }

  /** A session of a superuser in the master's database. */
  async connect(): Promise<pg.Client> {
    const url = new URL(this.server.adminUrl);
    url.pathname = new URL(this.url).pathname;
    const client = new pg.Client({ connectionString: url.href, application_name: 'fault' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Runs a statement as a superuser. */
  async run<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const client = await this.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends the server as a power failure would: `kill -9` to its first process; the others notice and end. */
  async kill(): Promise<void> {
    const text = await readFile(join(this.dataFolder, 'postmaster.pid'), 'utf8');
    process.kill(Number(text.split('\n')[0]), 'SIGKILL');
  }

  /** Starts it again on the same port, and returns when it answers. */
  async restart(): Promise<void> {
    await this.server.ensureRunning();
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
