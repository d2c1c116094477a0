import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reasonOf } from './error-facts.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { Cluster } from './cluster.js';
import { clusterFolder, openCluster } from './cluster.js';
import { ensureOwnDatabase } from './own-database.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import type { ServerAccount } from './server-account.js';
import { chooseServerAccount } from './server-account.js';
import { ServerProcess } from './server-process.js';
import { SoleUse } from './sole-use.js';

/** What `startEmbeddedPostgres` needs to know. */
export interface EmbeddedPostgresOptions {
  /** The folder that keeps the data between starts; made when absent. */
  readonly dataDir: string;
  /** Server settings beside the defaults, e.g. `{ fsync: 'off' }`; values without spaces or quotes. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The file from which the package `embedded-postgres` is looked for; by default this package's own. */
  readonly packageFrom?: string | undefined;
  /** Told, in one line each, when the server went away and came back. */
  readonly onEvent?: (message: string) => void;
}

/** A running embedded server, used by this process alone. */
export interface EmbeddedPostgres {
  /** Connection URL of the server's own database, as its owner (no superuser). */
  readonly url: string;
  /** Connection URL of the database `postgres`, as superuser. */
  readonly adminUrl: string;
  /** Whether the server was running already: left behind by a process that was killed. */
  readonly adopted: boolean;
  /** Stops the server and waits for its end; sessions that are left are cut, their transactions rolled back. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of the package `embedded-postgres` on `dataDir`, on a free port of 127.0.0.1. It makes the
 * cluster at the first start and adopts a server that a killed process left behind. When the server dies, it is
 * started again on the same port.
 *
 * @throws EmbeddedPostgresError in one line: data in use by another process, data of another user, no programs for this system …
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries(options.packageFrom);
  const home = await makeHome(options.dataDir);
  const account = await chooseServerAccount(binaries, home, clusterFolder(home));
  const cluster = await open(home, binaries, account);
  const server = new ServerProcess(binaries, account, cluster, options.settings ?? {});
  const adopted = await server.ensureRunning();
  const soleUse = await SoleUse.acquire(server, options.dataDir, options.onEvent ?? (() => undefined));
  try {
    const url = await ensureOwnDatabase(server.adminUrl, cluster.passwords.owner);
    return {
      url,
      adminUrl: server.adminUrl,
      adopted,
      stop: async () => {
        await soleUse.end();
        await server.stop();
      },
    };
  } catch (error) {
    await soleUse.end();
    await server.stop();
    throw error;
  }
}

async function makeHome(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function open(home: string, binaries: PostgresBinaries, account: ServerAccount): Promise<Cluster> {
  try {
    return await openCluster(home, binaries, account);
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : cannotWrite(home, error);
  }
}

function cannotWrite(path: string, error: unknown): EmbeddedPostgresError {
  const fault = `The data folder ${path} cannot be used: ${reasonOf(error)}. Make it writable, or `;
  return new EmbeddedPostgresError(fault, 'folder', { cause: error });
}
