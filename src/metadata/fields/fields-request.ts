import { InvalidRequestError } from '../metadata.errors.js';
import {
  DEFAULT_QUERY_LIMITS,
  parseField,
  parseQueryString,
  withoutNul,
  type FieldNames,
  type TrialSource,
} from '../query/index.js';
import type { FieldValuesRequest } from './field-values.service.js';
import type { FieldOrder, KnownFieldsRequest } from './known-fields.service.js';

const MAX_FIELDS = 1_000;
const DEFAULT_FIELDS = 200;
const MAX_VALUES = 200;
const DEFAULT_VALUES = 40;
const LIST_PARAMETERS = ['projectId', 'q', 'limit', 'after'];
const FIELDS_PARAMETERS = ['order', ...LIST_PARAMETERS];
const VALUES_PARAMETERS = ['field', ...LIST_PARAMETERS];
const ORDERS: readonly FieldOrder[] = ['path', 'trials'];

/**
 * Reads `?projectId=&q=&order=&limit=&after=`: 200 fields a page by default, 1,000 at most.
 * @throws InvalidRequestError naming the parameter that is wrong
 */
export function parseFieldsRequest(parameters: URLSearchParams): KnownFieldsRequest {
  const values = uniqueParameters(withoutNul(parameters), FIELDS_PARAMETERS);
  return { ...commonOf(values, DEFAULT_FIELDS, MAX_FIELDS), order: orderOf(values.get('order')) };
}

function orderOf(text = 'path'): FieldOrder {
  const found = ORDERS.find((order) => order === text);
  if (found !== undefined) return found;
  throw InvalidRequestError.at('order', 'value_not_accepted', `Accepted: ${ORDERS.join(', ')}.`);
}

/**
 * Reads `?field=&q=&projectId=&limit=&after=` and the conditions of a filter: 40 values a page by default, 200 at most.
 * @throws InvalidRequestError naming the parameter that is wrong
 */
export function parseValuesRequest(parameters: URLSearchParams, source: TrialSource): FieldValuesRequest {
  const names: FieldNames = { columns: source.columns, limits: DEFAULT_QUERY_LIMITS };
  const { filter, others } = parseQueryString(parameters, names);
  const values = uniqueParameters(others, VALUES_PARAMETERS);
  const field = values.get('field');
  if (field === undefined) {
    throw InvalidRequestError.at(
      'field',
      'value_missing',
      'Name the field, e.g. field=metadata.hardware.gpu.',
    );
  }
  return {
    ...commonOf(values, DEFAULT_VALUES, MAX_VALUES),
    field: parseField(field, 'field', names),
    filter,
  };
}

function commonOf(values: ReadonlyMap<string, string>, fallback: number, max: number): KnownFieldsRequest {
  const search = values.get('q');
  const limit = DEFAULT_QUERY_LIMITS.textLength;
  if (search !== undefined && search.length > limit) {
    const message = `A search text has at most ${limit} characters.`;
    throw new InvalidRequestError([
      { path: 'q', code: 'text_too_long', message, limit, actual: search.length },
    ]);
  }
  return {
    scope: values.get('projectId'),
    search,
    limit: pageSize(values.get('limit'), fallback, max),
    after: values.get('after'),
  };
}

function uniqueParameters(
  parameters: readonly (readonly [string, string])[],
  accepted: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of parameters) {
    const shown = name.slice(0, 60);
    if (!accepted.includes(name)) {
      const message = `"${shown}" is not known here. Accepted: ${accepted.join(', ')}.`;
      throw InvalidRequestError.at(shown, 'unknown_parameter', message);
    }
    if (values.has(name)) {
      throw InvalidRequestError.at(name, 'duplicate_parameter', `"${name}" is there more than once.`);
    }
    values.set(name, value);
  }
  return values;
}

function pageSize(text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const size = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= max) return size;
  throw InvalidRequestError.at('limit', 'value_not_accepted', `Give a whole number from 1 to ${max}.`);
}
