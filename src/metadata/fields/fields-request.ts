import { characterCount } from '../document/index.js';
import { duplicateParameter, InvalidRequestError } from '../metadata.errors.js';
import { checkPageSize, PAGE_SIZES, type PageSizes } from '../page-size.js';
import {
  DEFAULT_QUERY_LIMITS,
  parseField,
  readAll,
  readEach,
  readQueryString,
  withoutNul,
  type Column,
  type Field,
  type FieldNames,
  type TrialSource,
} from '../query/index.js';
import type { FieldValuesRequest } from './field-values.service.js';
import type { FieldOrder, KnownFieldsRequest } from './known-fields.service.js';

const FIELDS_PAGE: PageSizes = { usual: 200, most: 1_000 };
const LIST_PARAMETERS = ['projectId', 'q', 'limit', 'after'];
const FIELDS_PARAMETERS = ['order', ...LIST_PARAMETERS];
const VALUES_PARAMETERS = ['field', ...LIST_PARAMETERS];
/** What else the values may be asked by. */
const OF_THE_FILTER = ['filter', 'and conditions, e.g. metadata.gpu=A100'];
const ORDERS: readonly FieldOrder[] = ['path', 'trials'];

/**
 * Reads `?projectId=&q=&order=&limit=&after=`: 200 fields a page by default, 1,000 at most.
 * @throws InvalidRequestError naming the parameters that are wrong; unknown and doubled ones before the values of others
 */
export function parseFieldsRequest(parameters: URLSearchParams, source: TrialSource): KnownFieldsRequest {
  const values = uniqueParameters(withoutNul(parameters), FIELDS_PARAMETERS);
  const [common, order] = readAll(
    () => commonOf(values, source.scope, FIELDS_PAGE),
    () => orderOf(values.get('order')),
  );
  return { ...common, order };
}

function orderOf(text = 'path'): FieldOrder {
  const found = ORDERS.find((order) => order === text);
  if (found !== undefined) return found;
  throw InvalidRequestError.at('order', 'value_not_accepted', `Accepted: ${ORDERS.join(', ')}.`);
}

/**
 * Reads `?field=&q=&projectId=&limit=&after=` and the conditions of a filter: 40 values a page by default, 200 at most.
 * @throws InvalidRequestError naming the parameters that are wrong; unknown and doubled ones before the values of others
 */
export function parseValuesRequest(parameters: URLSearchParams, source: TrialSource): FieldValuesRequest {
  const names: FieldNames = { columns: source.columns, limits: DEFAULT_QUERY_LIMITS };
  const { filter, rest } = readQueryString(parameters, names, ({ others }) => {
    // The values have no columns, and an order of their own.
    const unread = ['sort', 'fields']
      .filter((name) => parameters.has(name))
      .map((name) => [name, ''] as const);
    const values = uniqueParameters([...others, ...unread], VALUES_PARAMETERS, OF_THE_FILTER);
    return readAll(
      () => commonOf(values, source.scope, PAGE_SIZES),
      () => fieldOf(values.get('field'), names),
    );
  });
  const [common, field] = rest;
  return { ...common, field, filter };
}

function fieldOf(text: string | undefined, names: FieldNames): Field {
  if (text !== undefined) return parseField(text, 'field', names);
  const message = 'Name the field, e.g. field=metadata.hardware.gpu.';
  throw InvalidRequestError.at('field', 'value_missing', message);
}

function commonOf(values: ReadonlyMap<string, string>, scope: Column, sizes: PageSizes): KnownFieldsRequest {
  const [search, limit, project] = readAll(
    () => searchOf(values.get('q')),
    () => checkPageSize(numberOf(values.get('limit')), sizes),
    () => scopeOf(values.get('projectId'), scope),
  );
  return { scope: project, search, limit, after: values.get('after') };
}

function searchOf(text: string | undefined): string | undefined {
  const limit = DEFAULT_QUERY_LIMITS.textLength;
  const actual = characterCount(text ?? '');
  if (actual <= limit) return text;
  const message = `A search text has at most ${limit} characters.`;
  throw new InvalidRequestError([{ path: 'q', code: 'text_too_long', message, limit, actual }]);
}

/** The owner of the trials asked for, as text: whatever the host's ids are, but of whole numbers nothing else is one. */
function scopeOf(text: string | undefined, { type }: Column): string | undefined {
  if (text === undefined || type !== 'integer' || /^[1-9][0-9]{0,18}$/.test(text)) return text;
  throw InvalidRequestError.at(
    'projectId',
    'value_not_accepted',
    'Give the id of a project, a whole number from 1.',
  );
}

function uniqueParameters(
  parameters: readonly (readonly [string, string])[],
  accepted: readonly string[],
  beside: readonly string[] = [],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  readEach(parameters, ([name, value]) => {
    const shown = name.slice(0, 60);
    if (!accepted.includes(name)) {
      const message = `"${shown}" is not known here. Accepted: ${[...accepted, ...beside].join(', ')}.`;
      throw InvalidRequestError.at(shown, 'unknown_parameter', message);
    }
    if (values.has(name)) throw duplicateParameter(name);
    values.set(name, value);
  });
  return values;
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^-?[0-9]{1,9}$/.test(text) ? Number(text) : NaN;
}
