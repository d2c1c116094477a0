import { isJsonObject, type JsonObject, type JsonValue, type Path } from './metadata.js';

/** A value on the way of a path that has no fields, so that nothing can be set below it. */
export interface Obstacle {
  readonly path: Path;
  readonly value: JsonValue;
}

/** What would be lost by setting a value at a path: the number at `zero` for `zero.deep`. Undefined: nothing. */
export function obstacleTo(document: JsonObject, path: Path): Obstacle | undefined {
  let inner = document;
  for (const [depth, key] of path.slice(0, -1).entries()) {
    const value = inner.get(key);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return { path: path.slice(0, depth + 1), value };
    inner = value;
  }
  return undefined;
}

/**
 * The document with the value at a path set, or the field removed when `value` is undefined. Objects on the way are
 * made as needed; an {@link obstacleTo} the path is replaced by one, so look for it first.
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
