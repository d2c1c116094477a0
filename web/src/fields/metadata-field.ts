import {
  formatPath,
  isJsonObject,
  parsePath,
  type JsonObject,
  type JsonValue,
  type Path,
} from '../shared/metadata.js';
import { hostField } from './host-fields.js';

const PREFIX = 'metadata.';

export function isMetadataField(field: string): boolean {
  return field.startsWith(PREFIX);
}

/** `metadata.hardware.gpu` of `["hardware", "gpu"]`. */
export function metadataField(path: Path): string {
  return PREFIX + formatPath(path);
}

/** The path of a metadata field; null when it is a host column, or no path that can be read. */
export function pathOf(field: string): Path | null {
  if (!isMetadataField(field)) return null;
  try {
    return parsePath(field.slice(PREFIX.length));
  } catch {
    return null;
  }
}

/** The value at a path; undefined when there is none. */
export function valueAtPath(document: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const segment of path) {
    if (!isJsonObject(value)) return undefined;
    value = value.get(segment);
  }
  return value;
}

/** What a person reads: `hardware.gpu`, `State`. */
export function fieldLabel(field: string): string {
  return hostField(field)?.label ?? (isMetadataField(field) ? field.slice(PREFIX.length) : field);
}

/** Whether a filter or a sort could name it. */
export function isField(field: string): boolean {
  return hostField(field) !== undefined || pathOf(field) !== null;
}
