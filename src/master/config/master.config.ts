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
}
