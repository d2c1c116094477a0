import type { Logger } from 'pino';
import type { IndexAdvisorMode, IndexBudget } from '../metadata/index.js';

/** What the master's module needs of its host process. */
export interface MasterOptions {
  /** Connection URL of a migrated database. */
  readonly databaseUrl: string;
  readonly adminToken: string;
  /** Connections in the pool. @default 10 */
  readonly poolSize?: number | undefined;
  /** Connection URLs of replicas that searches and exports read from. @default none */
  readonly replicaUrls?: readonly string[] | undefined;
  /** Whether a list of changes is kept, for other processes to follow. @default true */
  readonly changes?: boolean | undefined;
  /** Failed sign-ins from one address that are let through in a minute. @default 20 */
  readonly failedSignInsPerMinute?: number | undefined;
  /** Proxies in front, whose word for a client's address is taken. @default 0 */
  readonly trustProxy?: number | undefined;
  /** Origins whose pages may use the API, `*` for all. @default none */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Whether `/metrics` needs no token. @default false */
  readonly metricsPublic?: boolean | undefined;
  /** A token that is good for `/metrics` alone. */
  readonly metricsToken?: string | undefined;
  /** Whether indexes are proposed, or made, for fields that make searches slow. @default off */
  readonly indexAdvisor?: IndexAdvisorMode | undefined;
  /** What the advisor may use. @default the plugin's */
  readonly indexBudget?: Partial<IndexBudget> | undefined;
  /** Where the log goes. @default warnings and errors to standard output */
  readonly logger?: Logger | undefined;
}

/** Token of the {@link MasterOptions}. */
export const MASTER_OPTIONS = Symbol('MASTER_OPTIONS');
