import { compareNumbers } from './compare-numbers.js';
import { compareText } from './compare-text.js';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonTypeOf,
  type JsonArray,
  type JsonObject,
  type JsonType,
  type JsonValue,
} from './json-value.js';
import { membersInStorageOrder } from './storage-order.js';

const RANK: Readonly<Record<JsonType, number>> = {
  null: 0,
  string: 1,
  number: 2,
  boolean: 3,
  array: 4,
  object: 5,
};

/**
 * Compares as jsonb's btree does under collation C: null, strings, numbers, booleans, lists, objects; the shorter list
 * or object first. An empty list at the top level comes before every scalar: an anomaly that PostgreSQL keeps for the
 * sake of its old indexes. Negative, 0 or positive.
 */
export function compareJson(a: JsonValue, b: JsonValue): number {
  if (isEmptyArray(a) && isScalar(b)) return -1;
  if (isEmptyArray(b) && isScalar(a)) return 1;
  return compareValues(a, b);
}

function isEmptyArray(value: JsonValue): boolean {
  return isJsonArray(value) && value.length === 0;
}

function isScalar(value: JsonValue): boolean {
  return !isJsonArray(value) && !isJsonObject(value);
}

function compareValues(a: JsonValue, b: JsonValue): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof JsonNumber && b instanceof JsonNumber) return compareNumbers(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (isJsonArray(a) && isJsonArray(b)) return compareArrays(a, b);
  if (isJsonObject(a) && isJsonObject(b)) return compareObjects(a, b);
  return RANK[jsonTypeOf(a)] - RANK[jsonTypeOf(b)];
}

function compareArrays(a: JsonArray, b: JsonArray): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [i, element] of a.entries()) {
    const other = b[i];
    const order = other === undefined ? 1 : compareValues(element, other);
    if (order !== 0) return order;
  }
  return 0;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  if (a.size !== b.size) return a.size - b.size;
  const others = membersInStorageOrder(b);
  for (const [i, [key, value]] of membersInStorageOrder(a).entries()) {
    const other = others[i];
    const order = other === undefined ? 1 : compareText(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return 0;
}
