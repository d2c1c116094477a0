import { trustedSql, type Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';

/** The plugin's tables as pieces of SQL. */
export interface FieldTables {
  readonly metadata: Sql;
  readonly history: Sql;
  readonly uncounted: Sql;
  readonly fields: Sql;
  readonly summaries: Sql;
  readonly summaryValues: Sql;
}

export function fieldTables(names: MetadataTableNames): FieldTables {
  return {
    metadata: trustedSql(names.metadata),
    history: trustedSql(names.history),
    uncounted: trustedSql(names.uncounted),
    fields: trustedSql(names.fields),
    summaries: trustedSql(names.summaries),
    summaryValues: trustedSql(names.summaryValues),
  };
}
