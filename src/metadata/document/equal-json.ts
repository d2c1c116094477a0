import { compareNumbers } from './compare-numbers.js';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from './json-value.js';

/** Whether jsonb's `=` holds: numbers by value (1 = 1.0), strings exactly, the order of keys does not count. */
export function equalJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (a instanceof JsonNumber) return b instanceof JsonNumber && compareNumbers(a, b) === 0;
  if (isJsonArray(a)) return isJsonArray(b) && equalArrays(a, b);
  return isJsonObject(a) && isJsonObject(b) && equalObjects(a, b);
}

function equalArrays(a: JsonArray, b: JsonArray): boolean {
  if (a.length !== b.length) return false;
  for (const [i, element] of a.entries()) {
    const other = b[i];
    if (other === undefined || !equalJson(element, other)) return false;
  }
  return true;
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equalJson(value, other)) return false;
  }
  return true;
}
