import {
  isDate,
  isInstant,
  JsonNumber,
  type Filter,
  type JsonValue,
  type ValueType,
} from '../../metadata/index.js';
import { InvalidArgumentError } from '../determined.errors.js';
import { readNumber } from '../read-number.js';
import type { ColumnType } from './column-type.js';
import { allOf, anyOf, not, test, typed } from './filters.js';
import { ORDER, type Comparison } from './run-operator.js';

/** The types of value that a column of a type holds. Booleans have no type of their own there: they are of text. */
const VALUE_TYPES: Readonly<Record<ColumnType, readonly ValueType[]>> = {
  COLUMN_TYPE_TEXT: ['text', 'boolean'],
  COLUMN_TYPE_NUMBER: ['number'],
  COLUMN_TYPE_DATE: ['date'],
  COLUMN_TYPE_ARRAY: ['string', 'number', 'boolean'],
  COLUMN_TYPE_UNSPECIFIED: ['string', 'number', 'boolean'],
};

/**
 * The test of one value, an element of a list or what is no list, by a comparison of a column type. Every test asks for
 * the type, also those that a value fails to be equal to or to contain: what is of another type never passes.
 * @throws InvalidArgumentError for an operand that the type cannot have
 */
export function testOfValue(type: ColumnType, operator: Comparison, operand: JsonValue): Filter {
  const isOfType = typed(...VALUE_TYPES[type]);
  switch (operator) {
    case '=':
      return allOf(isOfType, isEqual(type, operand));
    case '!=':
      return allOf(isOfType, not(isEqual(type, operand)));
    case 'contains':
      return allOf(isOfType, test('contains', scalar(type, operand)));
    case 'notContains':
      return allOf(isOfType, test('doesNotContain', scalar(type, operand)));
    default:
      return allOf(
        isOfType,
        anyOf(...readings(type, operand).map((reading) => test(ORDER[operator], reading))),
      );
  }
}

function isEqual(type: ColumnType, operand: JsonValue): Filter {
  return anyOf(
    ...readings(type, operand).map((reading) => {
      const isPointInTime = type !== 'COLUMN_TYPE_TEXT' && typeof reading === 'string' && isDate(reading);
      return isPointInTime || type === 'COLUMN_TYPE_DATE'
        ? test('between', reading, reading)
        : test('is', reading);
    }),
  );
}

/**
 * What an operand may mean as a value of the column type. Without a type its own one counts, and a text also stands for
 * the number or boolean that it spells.
 */
function readings(type: ColumnType, operand: JsonValue): readonly JsonValue[] {
  const text = textOf(type, operand);
  const number = readNumber(operand);
  const flag = text === 'true' || text === 'false' ? [text === 'true'] : [];
  switch (type) {
    case 'COLUMN_TYPE_TEXT':
      return [text, ...flag];
    case 'COLUMN_TYPE_NUMBER':
      if (number === undefined) throw unfit(type, operand);
      return [number];
    case 'COLUMN_TYPE_DATE':
      if (!isInstant(text)) throw unfit(type, operand);
      return [text];
    case 'COLUMN_TYPE_ARRAY':
    case 'COLUMN_TYPE_UNSPECIFIED':
      return [
        ...(typeof operand === 'string' ? [text] : []),
        ...(number === undefined ? [] : [number]),
        ...flag,
      ];
  }
}

function textOf(type: ColumnType, operand: JsonValue): string {
  return String(scalar(type, operand));
}

/** @throws InvalidArgumentError for null, a list or an object */
function scalar(type: ColumnType, operand: JsonValue): string | boolean | JsonNumber {
  if (typeof operand === 'string' || typeof operand === 'boolean' || operand instanceof JsonNumber)
    return operand;
  throw unfit(type, operand);
}

function unfit(type: ColumnType, operand: JsonValue): InvalidArgumentError {
  const shown = typeof operand === 'string' ? JSON.stringify(operand.slice(0, 60)) : 'this value';
  return new InvalidArgumentError(`invalid filter value: ${shown} does not fit ${type}`);
}
