/** What the master's module needs of its host process. */
export interface MasterOptions {
  /** Connection URL of a migrated database. */
  readonly databaseUrl: string;
  readonly adminToken: string;
  /** Connections in the pool. @default 20 */
  readonly poolSize?: number;
}

/** Token of the {@link MasterOptions}. */
export const MASTER_OPTIONS = Symbol('MASTER_OPTIONS');
