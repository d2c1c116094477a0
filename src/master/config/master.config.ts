import type { MasterOptions } from '../master.options.js';
import type { LogLevel } from '../operations/make-logger.js';

/** What the reference master is told from outside, checked; see {@link readConfig}. */
export interface MasterConfig {
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** A PostgreSQL server of the user's; absent: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Absolute path of the folder for the embedded database and the administrator's token. */
  readonly dataDir: string;
  /** Whether the first start fills in the demo project. */
  readonly demo: boolean;
  /** The administrator's token; absent: made at the first start and kept in `dataDir`. */
  readonly adminToken: string | undefined;
  /** How much is logged; absent: `info`, and `warn` on a terminal. */
  readonly logLevel: LogLevel | undefined;
  /** What the application is told as it is. */
  readonly settings: MasterSettings;
}

/** The settings of {@link MasterOptions} that come from outside. */
export type MasterSettings = Required<
  Pick<
    MasterOptions,
    | 'poolSize'
    | 'replicaUrls'
    | 'changes'
    | 'failedSignInsPerMinute'
    | 'trustProxy'
    | 'corsOrigins'
    | 'metricsPublic'
    | 'metricsToken'
    | 'indexAdvisor'
  >
>;
