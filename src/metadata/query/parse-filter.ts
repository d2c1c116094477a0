import {
  characterCount,
  isJsonArray,
  isJsonObject,
  shortenText,
  type JsonObject,
  type JsonValue,
} from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import type { Field } from './field.js';
import { EVERYTHING, type Condition, type Filter } from './filter.js';
import { nearest } from './nearest.js';
import { isOperator, OPERATORS, type Operator } from './operators.js';
import { parseField, type FieldNames } from './parse-field.js';
import { readAll, readEach } from './read-all.js';

const CONDITION_KEYS = ['field', 'operator', 'value'];
const GROUP_KEYS = ['and', 'or', 'not'];

/**
 * Reads the filter of a request:
 *
 *     filter    = condition | group | {} | null          {} and null: every trial
 *     condition = {"field": text, "operator": name, "value": JSON}
 *     group     = {"and": [filter…]} | {"or": [filter…]} | {"not": filter}
 *
 * @param at where the filter stands in the request, for messages
 * @throws InvalidRequestError naming every fault: the place, what is wrong there and what is accepted
 */
export function parseFilter(input: JsonValue | undefined, names: FieldNames, at = 'filter'): Filter {
  if (input === undefined || input === null) return EVERYTHING;
  return new FilterParser(names).parse(input, at, 1);
}

/**
 * Reads and checks the operand of one condition.
 * @throws InvalidRequestError `value_missing`, `value_not_accepted`, `text_too_long` …
 */
export function parseOperands(
  operator: Operator,
  value: JsonValue | undefined,
  names: FieldNames,
  at: string,
): readonly JsonValue[] {
  const shape = OPERATORS[operator].operand;
  const place = `${at}.value`;
  if (shape === 'none') {
    if (value === undefined || value === null) return [];
    throw InvalidRequestError.at(place, 'value_not_accepted', `"${operator}" takes no value; leave it out.`);
  }
  if (value === undefined) {
    throw InvalidRequestError.at(place, 'value_missing', `"${operator}" needs a value.`);
  }
  checkTextLength(value, place, names);
  switch (shape) {
    case 'any':
      return [value];
    case 'string':
      if (typeof value === 'string') return [value];
      throw InvalidRequestError.at(place, 'value_not_accepted', `"${operator}" needs a string.`);
    case 'list':
      return parseOperandList(value, operator, names, place);
    case 'pair':
      if (isJsonArray(value) && value.length === 2) return value;
      throw InvalidRequestError.at(
        place,
        'value_not_accepted',
        `"${operator}" needs a list of two values, the lower and the upper bound.`,
      );
  }
}

class FilterParser {
  private conditions = 0;

  constructor(private readonly names: FieldNames) {}

  parse(input: JsonValue, at: string, depth: number): Filter {
    const { filterDepth } = this.names.limits;
    if (depth > filterDepth + 1) {
      throw tooMuch(
        at,
        'filter_too_deep',
        `A filter nests at most ${filterDepth} groups.`,
        filterDepth,
        depth - 1,
      );
    }
    if (!isJsonObject(input)) {
      throw InvalidRequestError.at(
        at,
        'invalid_filter',
        'A filter is an object: a condition {"field", "operator", "value"} or a group {"and": […]}, {"or": […]}, {"not": …}.',
      );
    }
    if (input.size === 0) return EVERYTHING;
    const groupKey = GROUP_KEYS.find((key) => input.has(key));
    return groupKey === undefined
      ? this.parseCondition(input, at)
      : this.parseGroup(input, groupKey, at, depth);
  }

  private parseGroup(input: JsonObject, key: string, at: string, depth: number): Filter {
    const extra = [...input.keys()].find((other) => other !== key);
    if (extra !== undefined) {
      throw InvalidRequestError.at(
        `${at}.${shortenText(extra)}`,
        'unknown_property',
        `A group holds one of "and", "or", "not" and nothing else, but there is "${shortenText(extra)}" beside "${key}". Nest groups to combine them.`,
      );
    }
    const content = input.get(key);
    const place = `${at}.${key}`;
    if (key === 'not') return { kind: 'not', filter: this.parse(content ?? null, place, depth + 1) };
    if (!isJsonArray(content)) {
      throw InvalidRequestError.at(place, 'invalid_filter', `"${key}" needs a list of filters.`);
    }
    return {
      kind: key === 'and' ? 'and' : 'or',
      filters: readEach(content, (child, index) => this.parse(child, `${place}[${index}]`, depth + 1)),
    };
  }

  private parseCondition(input: JsonObject, at: string): Condition {
    this.conditions += 1;
    const { conditions } = this.names.limits;
    // Said once, for the first condition that is too many.
    if (this.conditions === conditions + 1) {
      throw tooMuch(
        at,
        'too_many_conditions',
        `A filter has at most ${conditions} conditions.`,
        conditions,
        this.conditions,
      );
    }
    const unknown = [...input.keys()].find((key) => !CONDITION_KEYS.includes(key));
    if (unknown !== undefined) {
      throw InvalidRequestError.at(
        `${at}.${shortenText(unknown)}`,
        'unknown_property',
        `"${shortenText(unknown)}" is not known here. A condition has "field", "operator" and "value"; a group has "and", "or" or "not".`,
      );
    }
    const [field, comparison] = readAll(
      () => this.parseFieldOf(input, `${at}.field`),
      () => {
        const operator = parseOperator(input.get('operator'), `${at}.operator`);
        return { operator, operands: parseOperands(operator, input.get('value'), this.names, at) };
      },
    );
    return { kind: 'condition', field, ...comparison };
  }

  private parseFieldOf(condition: JsonObject, at: string): Field {
    const text = condition.get('field');
    if (typeof text === 'string') return parseField(text, at, this.names);
    throw InvalidRequestError.at(
      at,
      'invalid_field',
      'A condition names its field as a string, e.g. "metadata.hardware.gpu" or "trial.state".',
    );
  }
}

/** What other languages call an operator: for the message alone. */
const NAMES_ELSEWHERE: Readonly<Record<string, Operator>> = {
  '=': 'is', '==': 'is', eq: 'is', equals: 'is', '!=': 'isNot', '<>': 'isNot', ne: 'isNot', neq: 'isNot',
  '>': 'gt', '>=': 'gte', ge: 'gte', '<': 'lt', '<=': 'lte', le: 'lte', like: 'contains', ilike: 'contains', '~': 'contains',
}; // prettier-ignore

/** @throws InvalidRequestError `unknown_operator`, listing those that there are */
export function parseOperator(name: JsonValue | undefined, at: string): Operator {
  if (typeof name === 'string' && isOperator(name)) return name;
  const names = Object.keys(OPERATORS);
  const near =
    typeof name === 'string' ? (elsewhere(name) ?? nearest(shortenText(name), names)[0]) : undefined;
  const found =
    typeof name === 'string' ? `"${shortenText(name)}" is no operator.` : 'The operator must be a string.';
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw InvalidRequestError.at(at, 'unknown_operator', `${found}${hint} There are: ${names.join(', ')}.`);
}

function elsewhere(name: string): Operator | undefined {
  const known = name.trim().toLowerCase();
  return Object.hasOwn(NAMES_ELSEWHERE, known) ? NAMES_ELSEWHERE[known] : undefined;
}

function parseOperandList(
  value: JsonValue,
  operator: Operator,
  names: FieldNames,
  place: string,
): readonly JsonValue[] {
  if (!isJsonArray(value)) {
    throw InvalidRequestError.at(place, 'value_not_accepted', `"${operator}" needs a list of values.`);
  }
  const { operands } = names.limits;
  if (value.length > operands) {
    throw tooMuch(
      place,
      'too_many_values',
      `"${operator}" takes at most ${operands} values.`,
      operands,
      value.length,
    );
  }
  return value;
}

function checkTextLength(value: JsonValue, at: string, names: FieldNames): void {
  const { textLength } = names.limits;
  if (typeof value === 'string' && characterCount(value) > textLength) {
    throw tooMuch(
      at,
      'text_too_long',
      `A text has at most ${textLength} characters.`,
      textLength,
      characterCount(value),
    );
  }
  if (isJsonArray(value))
    value.forEach((element, index) => checkTextLength(element, `${at}[${index}]`, names));
  else if (isJsonObject(value)) {
    for (const part of [...value.keys(), ...value.values()]) checkTextLength(part, at, names);
  }
}

function tooMuch(
  path: string,
  code: string,
  message: string,
  limit: number,
  actual: number,
): InvalidRequestError {
  return new InvalidRequestError([{ path, code, message, limit, actual }]);
}
