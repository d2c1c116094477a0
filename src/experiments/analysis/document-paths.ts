import {
  compareText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Path,
} from '../../metadata/index.js';

/** The value at the path, as a filter sees it: through objects only; undefined when it is not there. */
export function valueIn(document: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const key of path) {
    if (!isJsonObject(value)) return undefined;
    value = value.get(key);
  }
  return value;
}

/** Orders paths key by key, so that fields of one object stand together. */
export function comparePaths(a: Path, b: Path): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const order = compareText(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
