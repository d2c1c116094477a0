import {
  compareNumbers,
  compareText,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonText,
  type JsonObject,
  type JsonValue,
} from '../../src/metadata/index.js';
import { foldCase } from '../support/reference/fold-case.js';
import { readInstant } from '../support/reference/index.js';

/** One row of Determined's index of a run's metadata: a leaf value under its flat key. */
interface IndexRow {
  readonly key: string;
  /** The scalar, or what is empty: `{}` or `[]`. */
  readonly value: JsonValue;
  readonly type: 'text' | 'number' | 'date' | 'boolean' | 'none';
}

const DATE = /^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?$/;

/** The document as Determined flattens it: elements of a list are rows under the key of the list. */
export function indexRows(document: JsonObject): readonly IndexRow[] {
  return [...rowsOf(document, [])];
}

function* rowsOf(value: JsonValue, path: readonly string[]): Generator<IndexRow> {
  const key = path.join('.');
  if (isJsonObject(value)) {
    if (value.size === 0) yield { key, value, type: 'none' };
    for (const [name, member] of value) yield* rowsOf(member, [...path, name]);
  } else if (isJsonArray(value)) {
    if (value.length === 0) yield { key, value, type: 'none' };
    for (const element of value) yield* rowsOf(element, path);
  } else yield { key, value, type: typeOfScalar(value) };
}

function typeOfScalar(value: JsonValue): IndexRow['type'] {
  if (value instanceof JsonNumber) return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'string') return 'none';
  return DATE.test(value) && readInstant(value) !== undefined ? 'date' : 'text';
}

export interface FieldNode {
  readonly columnName: string;
  readonly type: 'COLUMN_TYPE_TEXT' | 'COLUMN_TYPE_NUMBER' | 'COLUMN_TYPE_DATE';
  readonly operator: string;
  readonly value: JsonValue;
}

/**
 * Whether a run of these rows meets a field of a filter: the facts' table in plain code, with our words where ours are
 * better: booleans are of type text, `contains` is the plugin's. It knows neither the tree nor SQL.
 */
export function meetsField(
  rows: readonly IndexRow[],
  { columnName, type, operator, value }: FieldNode,
): boolean {
  const own = rows.filter(({ key }) => `metadata.${key}` === columnName);
  if (operator === 'isEmpty') return own.length === 0;
  if (operator === 'notEmpty') return own.length > 0;
  if (value === null) return true;
  const typed = own.filter((row) =>
    type === 'COLUMN_TYPE_TEXT'
      ? row.type === 'text' || row.type === 'boolean'
      : row.type === (type === 'COLUMN_TYPE_NUMBER' ? 'number' : 'date'),
  );
  return typed.some((row) => compares(row, operator, value));
}

function compares(row: IndexRow, operator: string, operand: JsonValue): boolean {
  const contained = foldCase(textOf(row.value)).includes(foldCase(textOf(operand)));
  if (operator === 'contains') return contained;
  if (operator === 'notContains') return !contained;
  if (operator === '=') return isEqual(row, operand);
  if (operator === '!=') return !isEqual(row, operand);
  const order = orderOf(row, operand);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function isEqual({ type, value }: IndexRow, operand: JsonValue): boolean {
  if (type === 'number') return orderOf({ type, value, key: '' }, operand) === 0;
  if (type === 'date') return readInstant(textOf(value)) === readInstant(textOf(operand));
  return textOf(value) === textOf(operand);
}

/** Where the row's value stands to the operand; undefined when the two have no order. */
function orderOf({ value }: IndexRow, operand: JsonValue): number | undefined {
  if (value instanceof JsonNumber && operand instanceof JsonNumber) return compareNumbers(value, operand);
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
  // The plugin orders instants among themselves, also those that are of type text there.
  const [left, right] = [readInstant(value), readInstant(operand)];
  if (left === undefined && right === undefined) return compareText(value, operand);
  if (left === undefined || right === undefined) return undefined;
  return left < right ? -1 : Number(left > right);
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : jsonText(value);
}
