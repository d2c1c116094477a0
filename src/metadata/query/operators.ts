/** How many operands an operator takes, and of what kind. */
export type OperandShape = 'none' | 'any' | 'string' | 'list' | 'pair';

interface OperatorDefinition {
  readonly operand: OperandShape;
  /** Set when the operator is the complement of another: it compiles as `not` of that one. */
  readonly not?: string;
  /** In words, as the page shows it. */
  readonly label: string;
  /** When it is true; goes into OpenAPI and the documentation. */
  readonly meaning: string;
}

/**
 * Every operator of the filter language: the one source of the type, the accepted names, the parser, the compiler's
 * switch and the documentation.
 */
export const OPERATORS = {
  is: {
    operand: 'any',
    label: 'is',
    meaning:
      'the value equals the operand as JSON: numbers by value (1 = 1.0), strings exactly, lists and objects deeply, null only null',
  },
  isNot: { operand: 'any', not: 'is', label: 'is not', meaning: 'not `is`; so also when the key is missing' },
  contains: {
    operand: 'any',
    label: 'contains',
    meaning:
      'a string holds the operand as literal text, ignoring case; a number or boolean: its JSON text does; a list: an element `is` the operand, or is a string, list or object that contains it; an object: a value below contains it, or it holds the operand object',
  },
  doesNotContain: {
    operand: 'any',
    not: 'contains',
    label: 'does not contain',
    meaning: 'not `contains`; so also when the key is missing',
  },
  exists: { operand: 'none', label: 'exists', meaning: 'the key is there; null counts' },
  isMissing: { operand: 'none', not: 'exists', label: 'is missing', meaning: 'the key is not there' },
  isEmpty: { operand: 'none', label: 'is empty', meaning: 'missing, null, "", [] or {}' },
  isNotEmpty: { operand: 'none', not: 'isEmpty', label: 'is not empty', meaning: 'not `isEmpty`' },
  in: { operand: 'list', label: 'is one of', meaning: 'the value `is` one of the operands' },
  notIn: {
    operand: 'list',
    not: 'in',
    label: 'is none of',
    meaning: 'not `in`; so also when the key is missing',
  },
  gt: {
    operand: 'any',
    label: 'is greater than',
    meaning:
      'number operand: a number greater than it; ISO 8601 operand: an ISO 8601 string that is a later instant (no offset = UTC); other string operand: another string that sorts after it; any other pair is false',
  },
  gte: { operand: 'any', label: 'is at least', meaning: 'as `gt`, or equal' },
  lt: { operand: 'any', label: 'is less than', meaning: 'as `gt`, the other way round' },
  lte: { operand: 'any', label: 'is at most', meaning: 'as `lt`, or equal' },
  between: { operand: 'pair', label: 'is between', meaning: '`gte` the first operand and `lte` the second' },
  startsWith: {
    operand: 'string',
    label: 'starts with',
    meaning: 'a string that starts with the operand, ignoring case',
  },
} as const satisfies Record<string, OperatorDefinition>;

export type Operator = keyof typeof OPERATORS;

/** The operators that stand for themselves; the others are the complement of one of these. */
export type BaseOperator = {
  [K in Operator]: (typeof OPERATORS)[K] extends { readonly not: string } ? never : K;
}[Operator];

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}

/** The operator without its negation: `isNot` is `{operator: 'is', negated: true}`. */
export function baseOf(operator: Operator): { readonly operator: BaseOperator; readonly negated: boolean } {
  const definition: OperatorDefinition = OPERATORS[operator];
  // The table is checked by its test: every `not` names a base operator.
  return definition.not === undefined
    ? { operator: operator as BaseOperator, negated: false }
    : { operator: definition.not as BaseOperator, negated: true };
}
