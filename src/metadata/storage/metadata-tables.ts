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
  /** One row a revision, in the order in which followers read them. */
  readonly changes: string;
  /** The last change that was taken off the list: at most one row. */
  readonly changesCut: string;
  /** One row a scope, path and type: in how many trials the path holds a value of the type. */
  readonly fields: string;
  /** One row a summary: the most frequent values of a field, within one scope or all. */
  readonly summaries: string;
  /** One row a value of a summary. */
  readonly summaryValues: string;
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
    changes: quoteName(schema, 'trial_metadata_changes'),
    changesCut: quoteName(schema, 'trial_metadata_changes_cut'),
    fields: quoteName(schema, 'trial_metadata_fields'),
    summaries: quoteName(schema, 'trial_metadata_summaries'),
    summaryValues: quoteName(schema, 'trial_metadata_summary_values'),
  };
}

function quoteName(schema: string | undefined, name: string): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  return schema === undefined ? quoted : `${quoteName(undefined, schema)}.${quoted}`;
}
