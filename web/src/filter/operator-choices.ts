import { hostField } from '../fields/host-fields.js';
import { OPERATORS, type JsonType, type Operator } from '../shared/metadata.js';
import type { DraftCondition } from './draft.js';
import { emptyOperand, type OperandType } from './draft-operand.js';

export interface OperatorChoice {
  readonly value: Operator;
  readonly label: string;
}

const EQUALITY: readonly Operator[] = ['is', 'isNot'];
const CONTENT: readonly Operator[] = ['contains', 'doesNotContain'];
const RANGE: readonly Operator[] = ['gt', 'gte', 'lt', 'lte', 'between'];
const LISTS: readonly Operator[] = ['in', 'notIn'];
const PRESENCE: readonly Operator[] = ['isEmpty', 'isNotEmpty', 'exists', 'isMissing'];

/**
 * The conditions that make sense for a field that holds these types, the likeliest first, in words. An unknown field
 * gets them all; so does the operator that is already chosen.
 */
export function operatorChoices(
  field: string,
  types: readonly JsonType[],
  chosen: Operator,
): readonly OperatorChoice[] {
  const host = hostField(field);
  const instant = host?.type === 'instant';
  const operators = instant
    ? [...RANGE, ...EQUALITY, ...PRESENCE]
    : host?.type === 'state'
      ? [...EQUALITY, ...LISTS, ...PRESENCE]
      : operatorsFor(types);
  const all = operators.includes(chosen) ? operators : [...operators, chosen];
  return all.map((operator) => ({
    value: operator,
    label: instant ? instantLabel(operator) : OPERATORS[operator].label,
  }));
}

function operatorsFor(types: readonly JsonType[]): readonly Operator[] {
  const has = (type: JsonType): boolean => types.length === 0 || types.includes(type);
  const found = new Set<Operator>();
  const add = (operators: readonly Operator[]): void => {
    for (const operator of operators) found.add(operator);
  };
  if (has('string') || has('number') || has('boolean')) add(EQUALITY);
  if (has('string') || has('array') || has('object')) add(CONTENT);
  if (has('number')) add(RANGE);
  if (has('string')) add(['startsWith']);
  if (has('string') || has('number')) add(LISTS);
  if (has('string')) add(RANGE);
  add(EQUALITY);
  add(CONTENT);
  add(PRESENCE);
  return [...found];
}

const INSTANT_LABELS: Partial<Record<Operator, string>> = {
  gt: 'is after',
  gte: 'is at or after',
  lt: 'is before',
  lte: 'is at or before',
};

function instantLabel(operator: Operator): string {
  return INSTANT_LABELS[operator] ?? OPERATORS[operator].label;
}

/** The words of an operator beside this field. */
export function operatorLabel(field: string, operator: Operator): string {
  return hostField(field)?.type === 'instant' ? instantLabel(operator) : OPERATORS[operator].label;
}

/** The condition with another operator, its operands kept as far as the operator takes them. */
export function withOperator(condition: DraftCondition, operator: Operator): DraftCondition {
  const type: OperandType = condition.operands[0]?.type ?? 'string';
  switch (OPERATORS[operator].operand) {
    case 'list':
      return {
        ...condition,
        operator,
        operands: condition.operands.filter((operand) => operand.text !== ''),
      };
    case 'pair':
      return {
        ...condition,
        operator,
        operands: [condition.operands[0] ?? emptyOperand(type), condition.operands[1] ?? emptyOperand(type)],
      };
    case 'string':
      return {
        ...condition,
        operator,
        operands: [{ type: 'string', text: condition.operands[0]?.text ?? '' }],
      };
    case 'none':
    case 'any':
      return { ...condition, operator, operands: [condition.operands[0] ?? emptyOperand(type)] };
  }
}
