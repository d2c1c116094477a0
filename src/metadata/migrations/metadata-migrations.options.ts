import type { TrialTable } from '../storage/trial-table.js';

/** What the migrations need to know of the host. */
export interface MetadataMigrationsOptions {
  /** The host's table of trials, which must exist before. */
  readonly trial: TrialTable;
  /** Where the plugin's own tables go; absent: the schema that the search path finds first. */
  readonly schema?: string | undefined;
}
