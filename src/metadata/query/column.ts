import type { Sql } from './sql.js';

/**
 * What a host column holds, which decides how conditions on it compile:
 * `integer` and `number` by value, `text` as a JSON string, `instant`, a `timestamptz`, as an ISO 8601 string compared as a point in
 * time, `uuid` as its JSON string in lower case, `boolean`, and `json` for a `jsonb` column that is treated like metadata. A
 * `real` column is a `number` as `column::text::numeric`: PostgreSQL itself does not find 0.1 in it.
 */
export type ColumnType = 'integer' | 'number' | 'text' | 'uuid' | 'boolean' | 'instant' | 'json';

/** A column of the host's own that filters, sorts and projections may name beside metadata. */
export interface Column {
  /** As requests name it, e.g. `trial.state`. */
  readonly name: string;
  readonly type: ColumnType;
  /** The expression, valid inside the host's {@link TrialSource}, e.g. `"trial"."state"`. */
  readonly sql: Sql;
  /** The member of an answer's item that carries it, e.g. `experimentName`. */
  readonly item: string;
  /** Which entity the column belongs to: an experiment without trials can match on its own columns. */
  readonly owner: 'trial' | 'experiment' | 'project';
  /** The name of the {@link TrialSource} join that the expression needs; absent: none. */
  readonly join?: string;
}

/** The host's columns by name. */
export type ColumnCatalog = ReadonlyMap<string, Column>;

export function columnCatalog(columns: readonly Column[]): ColumnCatalog {
  return new Map(columns.map((column) => [column.name, column]));
}
