import type { JsonType, JsonValue, Path } from '../document/index.js';
import type { Field } from './field.js';
import type { Operator } from './operators.js';

/** One comparison. It is true or false for every trial, never unknown. */
export interface Condition {
  readonly kind: 'condition';
  readonly field: Field;
  readonly operator: Operator;
  /** As many as the operator takes: none, one, two for `between`, any number for `in` and `notIn`. */
  readonly operands: readonly JsonValue[];
}

/** All (`and`) or at least one (`or`) of the filters; an empty `and` is true, an empty `or` false. */
export interface Group {
  readonly kind: 'and' | 'or';
  readonly filters: readonly Filter[];
}

/** The complement. */
export interface Not {
  readonly kind: 'not';
  readonly filter: Filter;
}

/**
 * Some value at a path meets a filter whose own fields are paths within that value; the empty path is the value itself.
 * A list on the way to it stands for its elements. The filter language has no words for this: it is what wire formats
 * mean in which a list matches by any of its elements.
 */
export interface SomeValue {
  readonly kind: 'some';
  readonly path: Path;
  /** Whether a list at the end of the path is a value, or stands for its elements too. */
  readonly of: 'values' | 'elements';
  readonly filter: Filter;
}

/** The value at a path is there and of a type; as {@link SomeValue} for wire formats whose columns have types. */
export interface HasType {
  readonly kind: 'type';
  readonly path: Path;
  readonly type: ValueType;
}

/** A type of JSON; a `string` is either a `date` (an RFC 3339 time, `YYYY-MM-DD` or `YYYY-MM`) or a `text`. */
export type ValueType = JsonType | 'date' | 'text';

/**
 * A parsed filter: the one tree behind the request body, the query string, the page and other wire formats.
 * It holds parsed values only; nothing in it is SQL.
 */
export type Filter = Condition | Group | Not | SomeValue | HasType;

/** The filter that every trial meets. */
export const EVERYTHING: Filter = { kind: 'and', filters: [] };

/** Both filters at once, without piling up groups. */
export function bothOf(first: Filter, second: Filter): Filter {
  if (first.kind === 'and' && first.filters.length === 0) return second;
  if (second.kind === 'and' && second.filters.length === 0) return first;
  return { kind: 'and', filters: [first, second] };
}

/**
 * Every condition of a filter, from left to right. One within {@link SomeValue} names its field from the document's top;
 * {@link HasType} counts as one that the value exists.
 */
export function* conditionsOf(filter: Filter): Generator<Condition> {
  switch (filter.kind) {
    case 'condition':
      yield filter;
      return;
    case 'not':
      yield* conditionsOf(filter.filter);
      return;
    case 'and':
    case 'or':
      for (const child of filter.filters) yield* conditionsOf(child);
      return;
    case 'some':
      for (const condition of conditionsOf(filter.filter)) yield within(condition, filter.path);
      return;
    case 'type':
      yield { kind: 'condition', field: metadataField(filter.path), operator: 'exists', operands: [] };
      return;
    default:
      throw unreachable(filter);
  }
}

function within(condition: Condition, path: Path): Condition {
  const { field } = condition;
  return field.kind === 'column'
    ? condition
    : { ...condition, field: metadataField([...path, ...field.path]) };
}

function metadataField(path: Path): Field {
  return { kind: 'metadata', path };
}

/** For the `default` of a `switch` that has handled every case: fails to compile when a case is added and forgotten. */
export function unreachable(value: never): Error {
  return new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
