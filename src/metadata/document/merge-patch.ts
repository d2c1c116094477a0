import { isJsonObject, type JsonObject, type JsonValue } from './json-value.js';

/**
 * The target with the patch merged into it, as RFC 7396 has it: `null` deletes, objects merge in depth, anything else
 * replaces. Neither argument is changed.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(target);
  for (const [key, value] of patch) {
    if (value === null) merged.delete(key);
    else merged.set(key, isJsonObject(value) ? mergePatch(objectOrEmpty(merged.get(key)), value) : value);
  }
  return merged;
}

function objectOrEmpty(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : new Map();
}
