import type { Condition, Filter, JsonValue, Operator, ValueType } from '../../metadata/index.js';

/** True for nothing. */
export const NOTHING: Filter = { kind: 'or', filters: [] };

export function allOf(...filters: readonly Filter[]): Filter {
  return { kind: 'and', filters };
}

export function anyOf(...filters: readonly Filter[]): Filter {
  const [only] = filters;
  return only !== undefined && filters.length === 1 ? only : { kind: 'or', filters };
}

export function not(filter: Filter): Filter {
  return { kind: 'not', filter };
}

/** A condition on the value under test itself, within a `some`. */
export function test(operator: Operator, ...operands: readonly JsonValue[]): Condition {
  return { kind: 'condition', field: { kind: 'metadata', path: [] }, operator, operands };
}

/** Whether the value under test has one of the types. */
export function typed(...types: readonly ValueType[]): Filter {
  return anyOf(...types.map((type): Filter => ({ kind: 'type', path: [], type })));
}
