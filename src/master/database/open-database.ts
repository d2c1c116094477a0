import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from '../../postgres/index.js';
import type { MasterConfig } from '../config/master.config.js';
import { StartError } from '../start.error.js';
import { checkServer } from './check-server.js';

/** The master's settings that help when the embedded server does not run. */
const REMEDIES = {
  folder: 'set DATA_DIR to another folder',
  server: 'set DATABASE_URL to a PostgreSQL server',
} as const;

/** The database that the master works on. */
export interface OpenedDatabase {
  readonly url: string;
  /** What it is, for the line that is printed at the start. */
  readonly description: string;
  /** Ends the server, if it is the embedded one. */
  close(): Promise<void>;
}

/** Opens the user's server where one is set, else starts the embedded one. */
export async function openDatabase(
  config: Pick<MasterConfig, 'databaseUrl' | 'dataDir'>,
  onEvent: (message: string) => void,
): Promise<OpenedDatabase> {
  if (config.databaseUrl !== undefined) {
    await checkServer(config.databaseUrl);
    const { host, pathname } = new URL(config.databaseUrl);
    return {
      url: config.databaseUrl,
      description: `PostgreSQL at ${host}${pathname}`,
      close: () => Promise.resolve(),
    };
  }
  const server = await startOwnServer(config.dataDir, onEvent);
  const description = `embedded PostgreSQL in ${config.dataDir}${server.adopted ? ' (it was still running)' : ''}`;
  return { url: server.url, description, close: () => server.stop() };
}

async function startOwnServer(
  dataDir: string,
  onEvent: (message: string) => void,
): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ dataDir, onEvent });
  } catch (error) {
    throw error instanceof EmbeddedPostgresError
      ? new StartError(error.told(REMEDIES), { cause: error })
      : error;
  }
}
