import { isJsonArray, parseJson, type JsonValue } from '../../../src/metadata/document/index.js';
import { OPERATORS, type Operator } from '../../../src/metadata/query/index.js';
import { conditionOn } from '../../query-operators/operator-table.js';
import { evaluateFilter } from '../reference/index.js';
import { table } from './written-parts.js';

/** A column for a trial without the key. */
export const NO_KEY = 'no key';

/**
 * Which conditions hold for which values of a key, by the plain evaluation that `test/query-operators` holds PostgreSQL
 * against.
 * @param values JSON texts, or {@link NO_KEY}
 */
export function truthTable(
  conditions: readonly (readonly [operator: Operator, operand: string])[],
  values: readonly string[],
): string {
  const rows = conditions.map(([operator, operand]) => [
    `\`${`${operator} ${operand}`.trim()}\``,
    ...values.map((value) => (holds(operator, operand, value) ? '✓' : '')),
  ]);
  return table(['', ...values.map((value) => (value === NO_KEY ? value : `\`${value}\``))], rows);
}

function holds(operator: Operator, operand: string, value: string): boolean {
  const metadata = new Map<string, JsonValue>(value === NO_KEY ? [] : [['v', parseJson(value)]]);
  return evaluateFilter(conditionOn(operator, operandsOf(operator, operand)), {
    id: 1,
    columns: new Map(),
    metadata,
  });
}

/** `between` and `in` take the elements of a list. */
function operandsOf(operator: Operator, json: string): readonly JsonValue[] {
  if (json === '') return [];
  const value = parseJson(json);
  const { operand } = OPERATORS[operator];
  return (operand === 'list' || operand === 'pair') && isJsonArray(value) ? value : [value];
}
