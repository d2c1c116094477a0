import { JsonNumber, parseJson, type JsonValue } from '../document/index.js';
import { duplicateParameter, InvalidRequestError } from '../metadata.errors.js';
import type { Field } from './field.js';
import { bothOf, conditionsOf, EVERYTHING, type Condition, type Filter } from './filter.js';
import { OPERATORS, type Operator } from './operators.js';
import { parseField, type FieldNames } from './parse-field.js';
import { parseFilter, parseOperands, parseOperator } from './parse-filter.js';
import { checkSortLength } from './parse-sort.js';
import { requestDepth } from './query-limits.js';
import { readAll, readEach } from './read-all.js';
import type { Sort, SortAs } from './sort.js';

/** What a query string says beside filter and sort, which is left to the endpoint. */
export interface QueryStringRest {
  /** `fields`, comma-separated, as a JSON list for {@link parseProjection}; undefined when not given. */
  readonly fields: JsonValue | undefined;
  /** Parameters that are none of these, in order. */
  readonly others: readonly (readonly [name: string, value: string])[];
}

/** What a query string says about the query itself. */
export interface QueryStringRequest extends QueryStringRest {
  readonly filter: Filter;
  readonly sort: Sort;
}

/** Names that can only be meant as fields: an unknown one is told so, and is not left to the endpoint. */
const FIELD_NAME = /^(metadata|trial|experiment|project)\./;
/**
 * What stands in brackets behind a field; digits alone are meant as a place in a list, which no path has. Of `a[>=]=1` the
 * name ends before the first `=`.
 */
const OPERATOR_SUFFIX = /\[((?![0-9]+\]?$)[^[\]"]*)(\]?)$/;
const SORT_SUFFIX = /:(json|number|text)$/;

/**
 * Reads a query string: `metadata.hardware.gpu=NVIDIA A100`, `metadata.batch_size[isNot]=64`, `filter=<JSON>`,
 * `sort=-metadata.runtime_seconds,trial.id` (`:number` or `:text` after a key sets how it compares), `fields=a,b`.
 * All conditions must hold together. A value has no type there: `is`, `in` and `contains` also take the number,
 * boolean or null whose JSON text it is.
 * @throws InvalidRequestError naming every parameter that is wrong
 */
export function parseQueryString(parameters: URLSearchParams, names: FieldNames): QueryStringRequest {
  const { rest, ...query } = readQueryString(parameters, names, (asItIs) => asItIs);
  return { ...query, ...rest };
}

/**
 * As {@link parseQueryString}, for an endpoint that reads the rest of the parameters itself.
 * @throws InvalidRequestError naming every parameter that is wrong, those of the rest too
 */
export function readQueryString<Rest>(
  parameters: URLSearchParams,
  names: FieldNames,
  readRest: (rest: QueryStringRest) => Rest,
): { readonly filter: Filter; readonly sort: Sort; readonly rest: Rest } {
  let filter: Filter = EVERYTHING;
  const conditions: Filter[] = [];
  const others: [string, string][] = [];
  const lists = new Map<string, { field: Field; operator: Operator; values: string[] }>();
  let sort: Sort = [];
  let fields: JsonValue | undefined;
  const once = new Set<string>();
  const readParameter = ([name, value]: readonly [string, string]) => {
    if (name === 'sort' || name === 'fields') {
      if (once.has(name)) throw duplicateParameter(name, 'Put commas between: sort=-metadata.a,trial.id.');
      once.add(name);
    }
    if (name === 'filter') filter = bothOf(filter, parseFilter(parseFilterJson(value, names), names));
    else if (name === 'sort') sort = parseSortText(value, names);
    else if (name === 'fields') fields = splitOutsideQuotes(value);
    else if (isConditionName(name, names)) {
      const { field, operator } = parseConditionName(name, names);
      // A list is given by naming its parameter more than once.
      if (OPERATORS[operator].operand === 'list') {
        const list = lists.get(name) ?? { field, operator, values: [] };
        list.values.push(value);
        lists.set(name, list);
      } else conditions.push(untypedCondition(field, operator, value, name, names));
    } else others.push([name, value]);
  };
  const given = withoutNul(parameters);
  const [, , rest] = readAll(
    () => readEach(given, readParameter),
    () =>
      readEach([...lists], ([name, { field, operator, values }]) => {
        conditions.push(listCondition(field, operator, values, name, names));
      }),
    () => readRest({ fields, others }),
  );
  checkConditionCount(conditions.length + [...conditionsOf(filter)].length, names);
  const all = conditions.length === 0 ? filter : bothOf(filter, { kind: 'and', filters: conditions });
  return { filter: all, sort, rest };
}

/** A value without a type counts once, though it becomes two conditions. */
function checkConditionCount(actual: number, names: FieldNames): void {
  const limit = names.limits.conditions;
  if (actual <= limit) return;
  const message = `A filter has at most ${limit} conditions.`;
  throw new InvalidRequestError([{ path: 'query', code: 'too_many_conditions', message, limit, actual }]);
}

/**
 * The parameters of a query string, none of which holds NUL, which PostgreSQL cannot.
 * @throws InvalidRequestError `nul_character`
 */
export function withoutNul(parameters: URLSearchParams): readonly (readonly [name: string, value: string])[] {
  for (const [name, value] of parameters) {
    if (!name.includes('\0') && !value.includes('\0')) continue;
    const shown = name.replaceAll('\0', '').slice(0, 60);
    throw InvalidRequestError.at(
      shown,
      'nul_character',
      'The parameter holds the character NUL. Leave it out.',
    );
  }
  return [...parameters];
}

function isConditionName(name: string, names: FieldNames): boolean {
  return FIELD_NAME.test(name) || names.columns.has(name.replace(OPERATOR_SUFFIX, ''));
}

function parseConditionName(name: string, names: FieldNames): { field: Field; operator: Operator } {
  const suffix = OPERATOR_SUFFIX.exec(name);
  if (suffix === null) return { field: parseField(name, name, names), operator: 'is' };
  const [, text = '', closed] = suffix;
  const [operator, field] = readAll(
    () => parseOperator(closed === '' ? `${text}=` : text, name),
    () => parseField(name.slice(0, suffix.index), name, names),
  );
  return { field, operator };
}

function untypedCondition(
  field: Field,
  operator: Operator,
  text: string,
  at: string,
  names: FieldNames,
): Filter {
  const condition = (value: JsonValue | undefined): Condition => ({
    kind: 'condition',
    field,
    operator,
    operands: parseOperands(operator, value, names, at),
  });
  switch (operator) {
    case 'exists':
    case 'isMissing':
    case 'isEmpty':
    case 'isNotEmpty':
      return condition(text === '' || text === 'true' ? undefined : text);
    case 'is':
    case 'contains': {
      const also = scalarOf(text);
      return also === undefined
        ? condition(text)
        : { kind: 'or', filters: [condition(text), condition(also)] };
    }
    case 'isNot':
    case 'doesNotContain': {
      const also = scalarOf(text);
      return also === undefined
        ? condition(text)
        : { kind: 'and', filters: [condition(text), condition(also)] };
    }
    case 'between':
      return condition(splitOutsideQuotes(text).map(boundOf));
    case 'startsWith':
      return condition(text);
    default:
      return condition(numberOr(text));
  }
}

function listCondition(
  field: Field,
  operator: Operator,
  texts: readonly string[],
  at: string,
  names: FieldNames,
): Filter {
  const values = texts.flatMap((text) => {
    if (text.startsWith('[')) {
      const list = tryParse(text);
      if (Array.isArray(list)) return list as readonly JsonValue[];
    }
    const also = scalarOf(text);
    return also === undefined ? [text] : [text, also];
  });
  return { kind: 'condition', field, operator, operands: parseOperands(operator, values, names, at) };
}

/** The number, boolean or null that the text is as JSON. */
function scalarOf(text: string): JsonValue | undefined {
  if (text === 'null') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  // White space around it makes it another text.
  const value = /^-?[0-9]/.test(text) && /[0-9]$/.test(text) ? tryParse(text) : undefined;
  return value instanceof JsonNumber ? value : undefined;
}

function numberOr(text: string): JsonValue {
  const value = scalarOf(text);
  return value instanceof JsonNumber ? value : text;
}

/** A bound that holds a comma is written as a JSON string. */
function boundOf(text: string): JsonValue {
  const quoted = text.startsWith('"') ? tryParse(text) : undefined;
  return typeof quoted === 'string' ? quoted : numberOr(text);
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function parseFilterJson(text: string, names: FieldNames): JsonValue {
  return text === '' ? null : parseJson(text, { maxDepth: requestDepth(names.limits), at: ['filter'] });
}

/** `-metadata.runtime_seconds,metadata.version:text,trial.id` */
function parseSortText(text: string, names: FieldNames): Sort {
  if (text === '') return [];
  const keys = splitOutsideQuotes(text);
  checkSortLength(keys.length, names, 'sort');
  return readEach(keys, (key, index) => {
    const at = `sort[${index}]`;
    const descending = key.startsWith('-');
    const rest = key.slice(descending || key.startsWith('+') ? 1 : 0);
    const as = SORT_SUFFIX.exec(rest);
    return {
      field: parseField(as === null ? rest : rest.slice(0, as.index), at, names),
      direction: descending ? 'desc' : 'asc',
      as: as === null ? 'json' : (as[1] as SortAs),
    };
  });
}

/** Splits at commas that are in no JSON string, since a quoted path segment may hold one. */
function splitOutsideQuotes(text: string): readonly string[] {
  if (text === '') return [];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') index += 1;
    else if (!quoted && character === ',') {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim());
}
