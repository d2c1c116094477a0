import {
  compareNumbers,
  compareText,
  equalJson,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonValue,
} from '../../../src/metadata/document/index.js';
import { unreachable, type Condition, type Filter } from '../../../src/metadata/query/index.js';
import { contains } from './contains.js';
import { foldCase } from './fold-case.js';
import { hasType } from './has-type.js';
import { readInstant } from './read-instant.js';
import { valueOf, type ReferenceTrial } from './reference-trial.js';
import { someValues } from './some-values.js';

/**
 * Whether a trial meets a filter: the filter language as the design words it, in plain code and with no SQL in sight.
 * The engine is held against it.
 */
export function evaluateFilter(filter: Filter, trial: ReferenceTrial): boolean {
  return evaluate(filter, trial, trial.metadata);
}

/** The filter's paths start at `root`: the document, or a value in it. */
function evaluate(filter: Filter, trial: ReferenceTrial, root: JsonValue | undefined): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((child) => evaluate(child, trial, root));
    case 'or':
      return filter.filters.some((child) => evaluate(child, trial, root));
    case 'not':
      return !evaluate(filter.filter, trial, root);
    case 'condition':
      return evaluateCondition(filter, valueOf(trial, filter.field, root));
    case 'some':
      return someValues(filter, root).some((value) => evaluate(filter.filter, trial, value));
    case 'type':
      return hasType(valueOf(trial, { kind: 'metadata', path: filter.path }, root), filter.type);
    default:
      throw unreachable(filter);
  }
}

/** Whether a value, undefined when it is missing, meets a condition. */
export function evaluateCondition(condition: Condition, value: JsonValue | undefined): boolean {
  const [operand = null, upper = null] = condition.operands;
  // A column of points in time is no text: one instant can be written in many ways.
  const equal =
    condition.field.kind === 'column' && condition.field.column.type === 'instant' ? sameInstant : equalJson;
  const is = (wanted: JsonValue): boolean => value !== undefined && equal(value, wanted);
  const holds = (): boolean => value !== undefined && contains(value, operand);
  const order = (bound: JsonValue): number | undefined =>
    value === undefined ? undefined : compareTo(value, bound);
  switch (condition.operator) {
    case 'is':
      return is(operand);
    case 'isNot':
      return !is(operand);
    case 'in':
      return condition.operands.some(is);
    case 'notIn':
      return !condition.operands.some(is);
    case 'contains':
      return holds();
    case 'doesNotContain':
      return !holds();
    case 'exists':
      return value !== undefined;
    case 'isMissing':
      return value === undefined;
    case 'isEmpty':
      return isEmpty(value);
    case 'isNotEmpty':
      return !isEmpty(value);
    case 'gt':
      return (order(operand) ?? -1) > 0;
    case 'gte':
      return (order(operand) ?? -1) >= 0;
    case 'lt':
      return (order(operand) ?? 1) < 0;
    case 'lte':
      return (order(operand) ?? 1) <= 0;
    case 'between':
      return (order(operand) ?? -1) >= 0 && (order(upper) ?? 1) <= 0;
    case 'startsWith':
      return (
        typeof value === 'string' &&
        typeof operand === 'string' &&
        foldCase(value).startsWith(foldCase(operand))
      );
    default:
      throw unreachable(condition.operator);
  }
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && value.size === 0;
}

function sameInstant(value: JsonValue, operand: JsonValue): boolean {
  return (
    typeof value === 'string' && typeof operand === 'string' && readInstant(value) === readInstant(operand)
  );
}

/** Where the value stands to the operand; undefined for a pair that does not compare. */
function compareTo(value: JsonValue, operand: JsonValue): number | undefined {
  if (value instanceof JsonNumber && operand instanceof JsonNumber) return compareNumbers(value, operand);
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
  const [left, right] = [readInstant(value), readInstant(operand)];
  if (left === undefined && right === undefined) return compareText(value, operand);
  if (left === undefined || right === undefined) return undefined;
  return left < right ? -1 : Number(left > right);
}
