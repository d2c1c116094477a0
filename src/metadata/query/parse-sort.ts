import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import type { Field } from './field.js';
import { parseField, type FieldNames } from './parse-field.js';
import { readAll, readEach } from './read-all.js';
import type { Sort, SortAs, SortDirection, SortKey } from './sort.js';

const KEYS = ['field', 'direction', 'as'];
const DIRECTIONS: readonly SortDirection[] = ['asc', 'desc'];
const ORDERS: readonly SortAs[] = ['json', 'number', 'text'];

/**
 * Reads the order of a request: `[{"field", "direction"?: "asc" | "desc", "as"?: "json" | "number" | "text"}]`.
 * Without `direction` ascending, without `as` `json`.
 * @throws InvalidRequestError naming the keys that are wrong
 */
export function parseSort(input: JsonValue | undefined, names: FieldNames, at = 'sort'): Sort {
  if (input === undefined || input === null) return [];
  if (!isJsonArray(input)) {
    throw InvalidRequestError.at(at, 'invalid_sort', 'A sort is a list of {"field", "direction", "as"}.');
  }
  checkSortLength(input.length, names, at);
  return readEach(input, (key, index) => parseSortKey(key, names, `${at}[${index}]`));
}

/** @throws InvalidRequestError `too_many_sort_keys` */
export function checkSortLength(actual: number, names: FieldNames, at: string): void {
  const limit = names.limits.sortKeys;
  if (actual > limit) {
    throw new InvalidRequestError([
      { path: at, code: 'too_many_sort_keys', message: `A sort has at most ${limit} keys.`, limit, actual },
    ]);
  }
}

function parseSortKey(input: JsonValue, names: FieldNames, at: string): SortKey {
  if (!isJsonObject(input)) {
    throw InvalidRequestError.at(at, 'invalid_sort', 'A sort key is an object {"field", "direction", "as"}.');
  }
  const unknown = [...input.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw InvalidRequestError.at(
      at,
      'unknown_property',
      `A sort key has "field", "direction" and "as", not "${unknown.slice(0, 60).toWellFormed()}".`,
    );
  }
  const [field, direction, as] = readAll(
    () => parseFieldOf(input, names, `${at}.field`),
    () => oneOf(input.get('direction'), DIRECTIONS, 'asc', `${at}.direction`),
    () => oneOf(input.get('as'), ORDERS, 'json', `${at}.as`),
  );
  return { field, direction, as };
}

function parseFieldOf(key: JsonObject, names: FieldNames, at: string): Field {
  const text = key.get('field');
  if (typeof text === 'string') return parseField(text, at, names);
  throw InvalidRequestError.at(at, 'invalid_field', 'A sort key names its field as a string.');
}

function oneOf<T extends string>(
  value: JsonValue | undefined,
  accepted: readonly T[],
  fallback: T,
  at: string,
): T {
  if (value === undefined) return fallback;
  const found = accepted.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw InvalidRequestError.at(
    at,
    'value_not_accepted',
    `Accepted here: ${accepted.map((name) => `"${name}"`).join(', ')}.`,
  );
}
