import { JsonNumber, jsonTypeOf, writeJson, type JsonValue } from '../document/index.js';
import { compileContains, compileStartsWith } from './compile-contains.js';
import { unreachable } from './filter.js';
import { scalarText } from './fold-text.js';
import { instantSql, isInstant, isInstantSql } from './instant.js';
import type { BaseOperator } from './operators.js';
import { bind, FALSE, sql, trustedSql, type Sql } from './sql.js';

/**
 * A condition on a jsonb expression that is SQL NULL where the value is missing. The result is true exactly where the
 * condition is; elsewhere false or unknown.
 */
export function compileJsonCondition(
  value: Sql,
  operator: BaseOperator,
  operands: readonly JsonValue[],
): Sql {
  switch (operator) {
    case 'is':
      return compileIs(value, first(operands));
    case 'in':
      return operands.length === 0
        ? FALSE
        : sql`${value} = ANY (${bind(
            operands.map((operand) => writeJson(operand)),
            'jsonb[]',
          )})`;
    case 'contains':
      return compileContains(value, first(operands));
    case 'exists':
      return sql`${value} IS NOT NULL`;
    case 'isEmpty':
      return sql`(${value} IS NULL OR ${value} IN ('null', '""', '[]', '{}'))`;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return compileOrder(value, SYMBOLS[operator], first(operands));
    case 'between':
      return sql`(${compileOrder(value, SYMBOLS.gte, first(operands))} AND ${compileOrder(value, SYMBOLS.lte, operands[1] ?? null)})`;
    case 'startsWith': {
      const operand = first(operands);
      return typeof operand === 'string' ? compileStartsWith(value, operand) : FALSE;
    }
    default:
      throw unreachable(operator);
  }
}

/** `v = $1::jsonb`: jsonb compares numbers by value and lists and objects deeply. */
function compileIs(value: Sql, operand: JsonValue): Sql {
  return sql`${value} = ${bind(writeJson(operand), 'jsonb')}`;
}

/** The SQL of the operators of order. */
export const SYMBOLS = {
  gt: trustedSql('>'),
  gte: trustedSql('>='),
  lt: trustedSql('<'),
  lte: trustedSql('<='),
} as const;

/**
 * Numbers with numbers, instants with instants, other strings with other strings; any other pair is false. The jsonb
 * comparison stands first since a btree index on the value serves it; in jsonb order no number is above `false`.
 */
function compileOrder(value: Sql, symbol: Sql, operand: JsonValue): Sql {
  if (operand instanceof JsonNumber) {
    return sql`(${value} ${symbol} ${bind(operand.text, 'jsonb')} AND ${value} < 'false' AND jsonb_typeof(${value}) = 'number')`;
  }
  if (typeof operand !== 'string') return FALSE;
  const text = scalarText(value);
  if (!isInstant(operand)) {
    return sql`(${value} ${symbol} ${bind(writeJson(operand), 'jsonb')} AND jsonb_typeof(${value}) = 'string' AND NOT ${isInstantSql(text)})`;
  }
  // The type once more before the CASE, by which the planner knows that a trial without metadata is none of them.
  return sql`(jsonb_typeof(${value}) = 'string' AND CASE WHEN jsonb_typeof(${value}) = 'string' AND ${isInstantSql(text)} THEN ${instantSql(text)} ${symbol} (SELECT ${instantSql(bind(operand, 'text'))}) ELSE false END)`;
}

function first(operands: readonly JsonValue[]): JsonValue {
  return operands[0] ?? null;
}

/** Whether a value below a path can be looked up by containment: an empty list or object gives an index no key. */
export function hasScalar(value: JsonValue): boolean {
  switch (jsonTypeOf(value)) {
    case 'array':
      return (value as readonly JsonValue[]).some(hasScalar);
    case 'object':
      return [...(value as ReadonlyMap<string, JsonValue>).values()].some(hasScalar);
    default:
      return true;
  }
}
