import { isJsonArray, isJsonObject, type JsonValue } from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import { parseField, type FieldNames } from './parse-field.js';
import type { Sort, SortAs, SortDirection, SortKey } from './sort.js';

const KEYS = ['field', 'direction', 'as'];
const DIRECTIONS: readonly SortDirection[] = ['asc', 'desc'];
const ORDERS: readonly SortAs[] = ['json', 'number', 'text'];

/**
 * Reads the order of a request: `[{"field", "direction"?: "asc" | "desc", "as"?: "json" | "number" | "text"}]`.
 * Without `direction` ascending, without `as` `json`.
 * @throws InvalidRequestError naming the key that is wrong
 */
export function parseSort(input: JsonValue | undefined, names: FieldNames, at = 'sort'): Sort {
  if (input === undefined || input === null) return [];
  if (!isJsonArray(input)) {
    throw InvalidRequestError.at(at, 'invalid_sort', 'A sort is a list of {"field", "direction", "as"}.');
  }
  checkSortLength(input.length, names, at);
  return input.map((key, index) => parseSortKey(key, names, `${at}[${index}]`));
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
  const field = input.get('field');
  if (typeof field !== 'string') {
    throw InvalidRequestError.at(`${at}.field`, 'invalid_field', 'A sort key names its field as a string.');
  }
  return {
    field: parseField(field, `${at}.field`, names),
    direction: oneOf(input.get('direction'), DIRECTIONS, 'asc', `${at}.direction`),
    as: oneOf(input.get('as'), ORDERS, 'json', `${at}.as`),
  };
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
