import { parseJson, type JsonValue } from '../../src/metadata/document/index.js';
import { OPERATORS, type Condition, type Operator } from '../../src/metadata/query/index.js';
import type { ReferenceTrial } from '../support/reference/index.js';
import { FURTHER_OPERANDS, STORED_VALUES, type StoredValue, type ValueKind } from './stored-values.js';

/** The stored values as trials: the first has id 1. */
export const TABLE_TRIALS: readonly ReferenceTrial[] = STORED_VALUES.map(({ document }, index) => ({
  id: index + 1,
  columns: new Map(),
  // A document is an object, as its text above shows.
  metadata: document === undefined ? undefined : (parseJson(document) as ReadonlyMap<string, JsonValue>),
}));

/** The trial's stored value by its id. */
export function storedValue(id: number): StoredValue {
  const value = STORED_VALUES[id - 1];
  if (value === undefined) throw new Error(`There is no trial ${id} in the operator table.`);
  return value;
}

export interface Operand {
  readonly kind: Exclude<ValueKind, 'missing'>;
  readonly value: JsonValue;
}

/** Every stored value, and the further operands. */
export const OPERANDS: readonly Operand[] = [
  ...STORED_VALUES.flatMap(({ name, kind }) =>
    kind === 'missing' ? [] : [{ kind, value: parseJson(name) }],
  ),
  ...FURTHER_OPERANDS.map(([kind, json]) => ({ kind, value: parseJson(json) })),
];

/** One row of the table: a condition on the key `v`. */
export interface TableCondition {
  readonly condition: Condition;
  /** What kind its operand is of; absent where it has none, or several of different kinds. */
  readonly kind: Operand['kind'] | undefined;
}

export function conditionOn(operator: Operator, operands: readonly JsonValue[], path = ['v']): Condition {
  return { kind: 'condition', field: { kind: 'metadata', path }, operator, operands };
}

/** The operator with every operand that it takes. */
export function tableConditions(operator: Operator): readonly TableCondition[] {
  switch (OPERATORS[operator].operand) {
    case 'none':
      return [{ condition: conditionOn(operator, []), kind: undefined }];
    case 'any':
      return OPERANDS.map(({ kind, value }) => ({ condition: conditionOn(operator, [value]), kind }));
    case 'string':
      return OPERANDS.filter(({ value }) => typeof value === 'string').map(({ kind, value }) => ({
        condition: conditionOn(operator, [value]),
        kind,
      }));
    // Each operand with itself, and with another that may be of another kind.
    case 'list':
    case 'pair':
      return OPERANDS.flatMap(({ kind, value }, index) => {
        const other = OPERANDS[(index * 7 + 3) % OPERANDS.length] ?? { kind, value };
        return [
          { condition: conditionOn(operator, [value, value]), kind },
          { condition: conditionOn(operator, [value, other.value]), kind: undefined },
        ];
      });
  }
}
