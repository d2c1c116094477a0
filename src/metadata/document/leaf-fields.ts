import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';
import { type Path } from './path.js';

/** A field that holds a scalar, a list or an empty object. */
export interface LeafField {
  readonly path: Path;
  readonly value: JsonValue;
}

/**
 * The fields at the ends of the document, in its own order: an object with members is descended, a list is not. The
 * empty document has none. `at` goes in front of every path.
 */
export function* leafFields(document: JsonObject, at: Path = []): Generator<LeafField, void, undefined> {
  for (const [key, value] of document) yield* leavesOf(value, [...at, key]);
}

/** The leaves of one value: it is one itself unless it is an object with members. */
export function* leavesOf(value: JsonValue, path: Path): Generator<LeafField, void, undefined> {
  if (hasMembers(value)) yield* leafFields(value, path);
  else yield { path, value };
}

/** Whether the value is an object that is descended, not a leaf. */
export function hasMembers(value: JsonValue | undefined): value is JsonObject {
  return isJsonObject(value) && value.size > 0;
}
