import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../postgres/index.js';
import { keptAdminToken } from './access/admin-token.js';
import type { MasterConfig } from './config/master.config.js';
import type { MasterApp } from './create-app.js';
import { createApp } from './create-app.js';
import { migrate } from './database/migrate.js';
import { masterMigrations } from './database/migrations.js';
import { fillDemo } from './demo/fill-demo.js';
import { openDatabase } from './database/open-database.js';
import { makeLogger } from './operations/make-logger.js';
import { StartError } from './start.error.js';

/** A master that listens. */
export interface RunningMaster {
  /** Where it is, e.g. `http://localhost:8080`. */
  readonly url: string;
  readonly adminToken: string;
  /** What it works on, in words. */
  readonly database: string;
  /** Finishes the requests that are running, then ends everything that the start began. */
  close(): Promise<void>;
}

/**
 * Starts the reference master: database, migrations, application, listener.
 *
 * @param onEvent told what else happens, in one line each: the demo was filled in, the database went away and came back.
 * @throws StartError in one line for whatever can be told so.
 */
export async function startMaster(
  config: MasterConfig,
  onEvent: (message: string) => void = () => undefined,
): Promise<RunningMaster> {
  const adminToken = config.adminToken ?? (await keptAdminToken(config.dataDir));
  const database = await openDatabase(config, onEvent);
  try {
    await migrate(database.url, masterMigrations);
    const { settings } = config;
    const logger = makeLogger(config.logLevel ?? (process.stdout.isTTY ? 'warn' : 'info'));
    const master = await createApp({ ...settings, databaseUrl: database.url, adminToken, logger });
    try {
      if (config.demo) {
        const trials = await fillDemo(master.app, database.url);
        if (trials !== undefined)
          onEvent(`The demo project is there now, with ${trials} trials (--no-demo leaves it out).`);
      }
      const url = await listen(master, config);
      const close = async (): Promise<void> => {
        await master.close();
        await database.close();
      };
      return { url, adminToken, database: database.description, close };
    } catch (error) {
      await master.close(0);
      throw error;
    }
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function listen({ app }: MasterApp, { host, port }: MasterConfig): Promise<string> {
  const server: Server = app.getHttpServer();
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${port} of ${host} is taken. Set PORT to another one, e.g. PORT=${port + 1}.`,
      );
    }
    if (code === 'EACCES')
      throw new StartError(`Port ${port} needs more rights. Set PORT to one above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(
        `HOST is "${host}", which is no address of this machine. Set it to 127.0.0.1 or 0.0.0.0.`,
      );
    }
    throw error;
  }
  const address = server.address() as AddressInfo; // an address of TCP, since a port was given
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  return `http://${name}:${address.port}`;
}
