import { compareNumbers } from './compare-numbers.js';
import { isJsonArray, JsonNumber, type JsonObject, type JsonValue } from './json-value.js';

/** What {@link toPlain} gives: a number that JavaScript cannot hold stays a {@link JsonNumber}. */
export type PlainJson =
  null | boolean | number | string | JsonNumber | PlainJson[] | { [key: string]: PlainJson };

/**
 * The value in plain JavaScript, for the host's own code: objects for maps, arrays, and numbers where these equal the
 * JSON's (1.50 gives 1.5); a number that JavaScript would round, such as 9007199254740993, stays a `JsonNumber`. What is
 * lost: how a number was written, and the order of keys that look like array indexes. `__proto__` is an ordinary member.
 */
export function toPlain(value: JsonValue): PlainJson {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof JsonNumber) return plainNumber(value);
  return isJsonArray(value) ? value.map(toPlain) : plainObject(value);
}

function plainNumber(exact: JsonNumber): number | JsonNumber {
  const number = exact.toNumber();
  const same = Number.isFinite(number) && compareNumbers(new JsonNumber(String(number)), exact) === 0;
  return same ? number : exact;
}

function plainObject(members: JsonObject): { [key: string]: PlainJson } {
  // Not by assignment, which would take `__proto__` for the prototype.
  return Object.fromEntries(Array.from(members, ([key, value]) => [key, toPlain(value)]));
}
