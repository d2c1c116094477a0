import {
  isJsonObject,
  parseJson,
  RawJson,
  writeJson,
  type Column,
  type JsonObject,
  type JsonValue,
} from '../../metadata/index.js';
import type { TrialItem } from '../search/trial-items.js';
import { columnNamed } from '../search/trial-source.js';

/** The columns that every item of a search has. */
export const ID_COLUMNS = ['trial.id', 'experiment.id', 'project.id'].map(columnNamed);
/** The columns of an item beside them, when none are asked for. */
export const DEFAULT_COLUMNS = ['experiment.name', 'trial.state', 'trial.startTime', 'trial.endTime'].map(
  columnNamed,
);

/** The item's metadata, as far as it was asked for. */
export function documentOf({ metadata }: TrialItem): JsonObject {
  if (metadata === undefined) return new Map();
  // PostgreSQL wrote it, so it is an object of whatever depth the host allows.
  const document = parseJson(writeJson(metadata), { maxDepth: Number.POSITIVE_INFINITY });
  return isJsonObject(document) ? document : new Map();
}

/** The item's value of a column, undefined when the trial has none. */
export function columnValueOf(item: TrialItem, column: Column): JsonValue | undefined {
  const value = item[column.item];
  return value instanceof RawJson ? parseJson(value.text) : undefined;
}
