import { JsonNumber, type JsonValue } from '../document/index.js';
import type { Column } from './column.js';
import { compileJsonCondition, SYMBOLS } from './compile-json-condition.js';
import { instantSql, isInstant } from './instant.js';
import type { BaseOperator } from './operators.js';
import { bind, FALSE, joinSql, sql, type Sql } from './sql.js';

const BIGINT_MAX = 2n ** 63n - 1n;

/**
 * A condition on a host column: the same meaning as on metadata with the column's value as JSON (NULL = missing), but
 * compared in the column's own type where that is possible, so that its indexes serve. An `instant` column compares
 * with ISO 8601 operands as a point in time, also for `is`.
 */
export function compileColumnCondition(
  column: Column,
  operator: BaseOperator,
  operands: readonly JsonValue[],
): Sql {
  if (operator === 'exists') return sql`${column.sql} IS NOT NULL`;
  if (
    operator === 'isEmpty' &&
    (column.type === 'integer' || column.type === 'number' || column.type === 'instant')
  ) {
    return sql`${column.sql} IS NULL`;
  }
  const native = nativeOf(column, operator);
  if (native === undefined) return compileJsonCondition(columnJson(column), operator, operands);
  switch (operator) {
    case 'is':
    case 'in':
      return anyNative(column, operands, native);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return compareNative(column, SYMBOLS[operator], operands[0], native);
    case 'between':
      return sql`(${compareNative(column, SYMBOLS.gte, operands[0], native)} AND ${compareNative(column, SYMBOLS.lte, operands[1], native)})`;
    default:
      return compileJsonCondition(columnJson(column), operator, operands);
  }
}

/** The column's value as jsonb, SQL NULL where it is missing; an instant as `2024-05-01T10:00:00.000Z`. */
export function columnJson(column: Column): Sql {
  switch (column.type) {
    case 'json':
      return column.sql;
    case 'instant':
      return sql`to_jsonb(${instantText(column)})`;
    default:
      return sql`to_jsonb(${column.sql})`;
  }
}

/**
 * The column's value as text, for answers: {@link columnTextJson} makes of it what {@link columnJson} has. PostgreSQL writes it sooner
 * than a jsonb, and an instant sooner as it is than with to_char.
 */
export function columnText(column: Column): Sql {
  switch (column.type) {
    case 'integer':
    case 'boolean':
    case 'json':
      return sql`${column.sql}::text`;
    case 'instant':
      return sql`to_json(${column.sql} AT TIME ZONE 'UTC')::text`;
    default:
      return sql`to_json(${column.sql})::text`;
  }
}

/** The JSON of a column's value. @param text as {@link columnText} gives it; null: there is no value */
export function columnTextJson({ type }: Column, text: string | null): string | null {
  return type === 'instant' && text !== null ? instantJson(text) : text;
}

/** Of `"2024-05-01T10:00:00.1234"`, a time in UTC to the microsecond, `"2024-05-01T10:00:00.123Z"`. */
function instantJson(text: string): string | null {
  // As to_char has it: no value, and the year without its era.
  if (text.endsWith('infinity"')) return null;
  const end = text.endsWith(' BC"') ? -4 : -1;
  const point = text.indexOf('.');
  if (point < 0) return `${text.slice(0, end)}.000Z"`;
  return `${text.slice(0, point)}.${text
    .slice(point + 1, end)
    .padEnd(3, '0')
    .slice(0, 3)}Z"`;
}

function instantText(column: Column): Sql {
  return sql`to_char(${column.sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Gives the operand in the column's type, or nothing when it can't be equal to any of its values. */
type Native = (operand: JsonValue | undefined) => Sql | undefined;

function nativeOf(column: Column, operator: BaseOperator): Native | undefined {
  switch (column.type) {
    case 'integer':
      return (operand) => (operand instanceof JsonNumber ? bindNumber(operand) : undefined);
    case 'instant':
      return (operand) =>
        typeof operand === 'string' && isInstant(operand)
          ? sql`(SELECT ${instantSql(bind(operand, 'text'))})`
          : undefined;
    case 'text':
      // In order, ISO 8601 texts compare among themselves and others among themselves, as JSON strings do.
      return operator === 'is' || operator === 'in' ? bindText : undefined;
    case 'uuid':
      return operator === 'is' || operator === 'in' ? bindUuid : undefined;
    // As JSON a number compares by its exact value; a `double precision` column would take its nearest neighbours for
    // equal, and fail on 1e400.
    case 'number':
    case 'boolean':
    case 'json':
      return undefined;
  }
}

/** A whole number in range stays a bigint, so that an index on an id serves it. */
function bindNumber(operand: JsonNumber): Sql {
  if (/^-?[0-9]{1,19}$/.test(operand.text)) {
    const integer = BigInt(operand.text);
    if (integer >= -BIGINT_MAX && integer <= BIGINT_MAX) return bind(operand.text, 'bigint');
  }
  return bind(operand.text, 'numeric');
}

function bindText(operand: JsonValue | undefined): Sql | undefined {
  return typeof operand === 'string' ? bind(operand, 'text') : undefined;
}

/** As PostgreSQL writes one; another text is no value of the column, though it may name the same uuid. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function bindUuid(operand: JsonValue | undefined): Sql | undefined {
  return typeof operand === 'string' && UUID.test(operand) ? bind(operand, 'uuid') : undefined;
}

function anyNative(column: Column, operands: readonly JsonValue[], native: Native): Sql {
  const tests = operands.flatMap((operand) => {
    const bound = native(operand);
    return bound === undefined ? [] : [sql`${column.sql} = ${bound}`];
  });
  return tests.length === 0 ? FALSE : sql`(${joinSql(tests, ' OR ')})`;
}

function compareNative(column: Column, symbol: Sql, operand: JsonValue | undefined, native: Native): Sql {
  const bound = native(operand);
  return bound === undefined ? FALSE : sql`${column.sql} ${symbol} ${bound}`;
}
