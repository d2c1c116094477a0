import type { JsonObject, JsonValue } from '../../../src/metadata/document/index.js';
import type { Field } from '../../../src/metadata/query/index.js';

/** What a filter is evaluated on: a trial, or, within `some`, a value of its metadata in the document's place. */
export interface FilterSubject {
  /** The host's columns by name, each as the JSON value it stands for; absent where the column is NULL. */
  readonly columns: ReadonlyMap<string, JsonValue>;
  readonly metadata: JsonValue | undefined;
}

/** A trial in memory, as the reference evaluation sees it. */
export interface ReferenceTrial extends FilterSubject {
  readonly id: number;
  /** Absent for a trial that never reported any. */
  readonly metadata: JsonObject | undefined;
}

/**
 * The value of a field; undefined where the trial lacks it. A path goes through objects only, from `root`: the document,
 * or a value in it.
 */
export function valueOf(
  trial: ReferenceTrial,
  field: Field,
  root: JsonValue | undefined = trial.metadata,
): JsonValue | undefined {
  if (field.kind === 'column') return trial.columns.get(field.column.name);
  let value = root;
  for (const key of field.path) value = value instanceof Map ? (value as JsonObject).get(key) : undefined;
  return value;
}
