import { isJsonObject, type JsonObject, type JsonValue, type Path } from './metadata.js';

/**
 * The document with the value at a path set, or the field removed when `value` is undefined. Objects on the way are
 * made as needed; another value that stands in the way is replaced by one.
 */
export function changeAtPath(document: JsonObject, path: Path, value: JsonValue | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return document;
  const next = new Map(document);
  if (rest.length === 0) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
    return next;
  }
  const child = document.get(key);
  if (value === undefined && !isJsonObject(child)) return next;
  next.set(key, changeAtPath(isJsonObject(child) ? child : new Map(), rest, value));
  return next;
}
