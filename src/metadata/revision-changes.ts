import { diffDocuments, formatPath, type JsonObject, type JsonValue } from './document/index.js';

/** One field that a revision changed. */
export interface RevisionChange {
  /** The path as text, without `metadata.` in front. */
  readonly field: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/**
 * The fields in which two documents differ, sorted; fields that came have no `before`, those that went no `after`. A key
 * whose numbers changed their digits but not their value (`1`, `1.0`) is told as a whole.
 */
export function revisionChanges(before: JsonObject, after: JsonObject): readonly RevisionChange[] {
  const fields = diffDocuments(before, after);
  const told = new Set(fields.map(({ path }) => path[0]));
  const respelled = [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !told.has(key))
    .map((key) => ({ path: [key], before: before.get(key), after: after.get(key) }));
  return [...fields, ...respelled].map(({ path, before: old, after: now }) => ({
    field: formatPath(path),
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
  }));
}
