import {
  DEFAULT_QUERY_LIMITS,
  InvalidRequestError,
  parseFilter,
  parseProjection,
  parseSort,
  readAll,
  readQueryString,
  type FieldNames,
  type Filter,
  type JsonValue,
  type Projection,
  type Sort,
} from '../../metadata/index.js';
import { optional, readObject, type ReadValue } from '../body/read-object.js';
import { bodyOf, memberOf } from '../body/body-of.js';
import { readParameters } from '../body/read-parameters.js';
import { flag, id, wholeNumber } from '../body/read-value.js';
import { TRIAL_COLUMNS } from '../trial-columns.js';

const DEFAULT_PAGE_SIZE = 40;
const MAX_PAGE_SIZE = 200;
/** Rows that an offset may skip; a cursor goes further, and faster. */
const MAX_OFFSET = 1_000_000;

/** How far matches are counted: to 10,000, all, or not at all. */
export type CountMode = 'capped' | 'exact' | 'none';
const COUNT_MODES: readonly CountMode[] = ['capped', 'exact', 'none'];

/** A search over trials or experiments, parsed. */
export interface SearchRequest {
  readonly projectId: number | undefined;
  readonly archived: boolean;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly projection: Projection;
  readonly limit: number;
  readonly after: string | undefined;
  readonly offset: number;
  readonly count: CountMode;
  /** Whether an empty answer says why; true by default. */
  readonly hints?: boolean;
}

/** What names mean in filters, sorts and projections of these endpoints. */
export const FIELD_NAMES: FieldNames = { columns: TRIAL_COLUMNS, limits: DEFAULT_QUERY_LIMITS };

const json: ReadValue<JsonValue> = (value) => value;
const text: ReadValue<string> = (value, refuse) =>
  typeof value === 'string' ? value : refuse({ code: 'value_not_accepted', message: 'Give a string.' });
const countMode: ReadValue<CountMode> = (value, refuse) =>
  COUNT_MODES.find((mode) => mode === value) ??
  refuse({ code: 'value_not_accepted', message: `Accepted: ${COUNT_MODES.join(', ')}.` });

const PAGE_PROPERTIES = {
  projectId: optional(id),
  archived: optional(flag),
  limit: optional(wholeNumber(1, MAX_PAGE_SIZE)),
  after: optional(text),
  offset: optional(wholeNumber(0, MAX_OFFSET)),
  count: optional(countMode),
};
/** Parameters that no number or boolean is meant by. */
const TEXTS = ['after', 'count'];
const PROPERTIES = {
  filter: optional(json),
  sort: optional(json),
  fields: optional(json),
  ...PAGE_PROPERTIES,
};

/**
 * Reads the body of a search. An absent body asks for the first page of everything.
 * @throws InvalidRequestError naming all that is wrong
 */
export function parseSearchBody(body: JsonValue | undefined): SearchRequest {
  const given = bodyOf(body);
  const [page, filter, sort, projection] = readAll(
    () => pageOf(readObject(given, PROPERTIES)),
    () => parseFilter(memberOf(given, 'filter'), FIELD_NAMES),
    () => parseSort(memberOf(given, 'sort'), FIELD_NAMES),
    () => parseProjection(memberOf(given, 'fields'), FIELD_NAMES),
  );
  return { ...page, filter, sort, projection };
}

/**
 * Reads the same from a query string.
 * @throws InvalidRequestError naming every parameter that is wrong
 */
export function parseSearchQuery(parameters: URLSearchParams): SearchRequest {
  const { filter, sort, rest } = readQueryString(parameters, FIELD_NAMES, ({ fields, others }) =>
    readAll(
      () => pageOf(readParameters(others, PAGE_PROPERTIES, TEXTS)),
      () => parseProjection(fields, FIELD_NAMES),
    ),
  );
  const [page, projection] = rest;
  return { ...page, filter, sort, projection };
}

interface Page {
  readonly projectId?: number;
  readonly archived?: boolean;
  readonly limit?: number;
  readonly after?: string;
  readonly offset?: number;
  readonly count?: CountMode;
}

function pageOf(page: Page): Omit<SearchRequest, 'filter' | 'sort' | 'projection'> {
  if (page.after !== undefined && page.offset !== undefined && page.offset > 0) {
    throw InvalidRequestError.at(
      'offset',
      'value_not_accepted',
      'Give either "after" or "offset", not both.',
    );
  }
  return {
    projectId: page.projectId,
    archived: page.archived ?? false,
    limit: page.limit ?? DEFAULT_PAGE_SIZE,
    after: page.after,
    offset: page.offset ?? 0,
    count: page.count ?? 'capped',
  };
}
