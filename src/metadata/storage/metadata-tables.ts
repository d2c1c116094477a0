import type { TrialIdType, TrialTable } from './trial-table.js';

/** The plugin's tables and the host's table of trials, as SQL text: every name is quoted. */
export interface MetadataTableNames {
  readonly trials: string;
  readonly trialId: string;
  readonly trialIdType: TrialIdType;
  /** One row a trial that has metadata. */
  readonly metadata: string;
  /** One row a revision: what its keys held before. */
  readonly history: string;
  /** One row a revision that the counts of known fields do not show yet. */
  readonly uncounted: string;
  /** One row a scope, path and type: in how many trials the path holds a value of the type. */
  readonly fields: string;
}

/** @param schema of the plugin's own tables; absent: the schema that the search path finds */
export function metadataTableNames(trial: TrialTable, schema?: string): MetadataTableNames {
  return {
    trials: quoteName(trial.schema, trial.table),
    trialId: quoteName(undefined, trial.column ?? 'id'),
    trialIdType: trial.type ?? 'bigint',
    metadata: quoteName(schema, 'trial_metadata'),
    history: quoteName(schema, 'trial_metadata_history'),
    uncounted: quoteName(schema, 'trial_metadata_uncounted'),
    fields: quoteName(schema, 'trial_metadata_fields'),
  };
}

function quoteName(schema: string | undefined, name: string): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  return schema === undefined ? quoted : `${quoteName(undefined, schema)}.${quoted}`;
}
