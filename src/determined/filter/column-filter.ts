import {
  EVERYTHING,
  isInstant,
  type Column,
  type Condition,
  type Filter,
  type JsonValue,
  type Operator,
} from '../../metadata/index.js';
import { InvalidArgumentError } from '../determined.errors.js';
import { readNumber } from '../read-number.js';
import type { RunColumn } from '../run-columns.js';
import { allOf, NOTHING } from './filters.js';
import { ORDER, type RunOperator } from './run-operator.js';

/**
 * A condition of Determined's on a column of the run or its experiment, in the plugin's tree. Where the column is null,
 * only `isEmpty` holds.
 * @throws InvalidArgumentError for an operand that the column cannot have
 */
export function columnFilter(column: RunColumn, operator: RunOperator, operand: JsonValue): Filter {
  if (column === 'absent') return operator === 'isEmpty' ? EVERYTHING : NOTHING;
  const on = (name: Operator, ...operands: readonly JsonValue[]): Condition => ({
    kind: 'condition',
    field: { kind: 'column', column },
    operator: name,
    operands,
  });
  switch (operator) {
    case 'isEmpty':
      return on('isEmpty');
    case 'notEmpty':
      return on('isNotEmpty');
    case 'contains':
      return on('contains', operand);
    case 'notContains':
      return allOf(on('exists'), on('doesNotContain', operand));
    case '=':
      return on('is', operandFor(column, operand));
    case '!=':
      return allOf(on('exists'), on('isNot', operandFor(column, operand)));
    default:
      return on(ORDER[operator], operandFor(column, operand));
  }
}

function operandFor(column: Column, operand: JsonValue): JsonValue {
  switch (column.type) {
    case 'integer':
    case 'number': {
      const number = readNumber(operand);
      if (number !== undefined) return number;
      break;
    }
    case 'instant':
      if (typeof operand === 'string' && isInstant(operand)) return operand;
      break;
    case 'text':
      if (typeof operand !== 'string') break;
      // Its API writes states with a prefix, its database without.
      return column.name.endsWith('.state') ? operand.replace(/^STATE_/, '') : operand;
    default:
      return operand;
  }
  throw new InvalidArgumentError(`invalid filter value: it does not fit the column ${column.name}`);
}
