import { columnJson } from './compile-column-condition.js';
import { valueAt } from './compile-filter.js';
import type { Column } from './column.js';
import { foldText, scalarText } from './fold-text.js';
import type { SortKey } from './sort.js';
import { bind, sql, type BindType, type Sql } from './sql.js';

interface SortValue {
  readonly expression: Sql;
  readonly type: BindType;
}

/** The expression that a sort key orders by, in the type that gives the order asked for. */
export function compileSortValue(key: SortKey, document: Sql): SortValue {
  const { field } = key;
  if (key.as === 'json') {
    return field.kind === 'metadata'
      ? { expression: valueAt(document, field.path), type: 'jsonb' }
      : nativeValue(field.column);
  }
  const value = field.kind === 'metadata' ? valueAt(document, field.path) : columnJson(field.column);
  return key.as === 'number' ? numberOf(value) : naturalTextOf(value);
}

/** A column orders in its own type; text bytewise, whatever the database's locale. */
function nativeValue(column: Column): SortValue {
  switch (column.type) {
    case 'integer':
      return { expression: column.sql, type: 'bigint' };
    case 'number':
      return { expression: column.sql, type: 'numeric' };
    case 'boolean':
      return { expression: column.sql, type: 'boolean' };
    case 'instant':
      return { expression: column.sql, type: 'timestamptz' };
    case 'json':
      return { expression: column.sql, type: 'jsonb' };
    case 'text':
      return { expression: sql`(${column.sql} COLLATE "C")`, type: 'text' };
  }
}

/**
 * What counts as a numeric string: decimal digits with sign, point and exponent, blanks around it. Short enough that
 * no cast overflows.
 */
export const NUMERIC_STRING = '^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})? *$';
/** Longer strings are text, whatever their digits. */
export const NUMERIC_STRING_LENGTH = 400;

function numberOf(value: Sql): SortValue {
  const text = scalarText(value);
  const numeric = sql`jsonb_typeof(${value}) = 'string' AND length(${text}) <= 400 AND ${text} ~ ${bind(NUMERIC_STRING, 'text')}`;
  return {
    expression: sql`CASE WHEN jsonb_typeof(${value}) = 'number' OR (${numeric}) THEN ${text}::numeric END`,
    type: 'numeric',
  };
}

/**
 * Runs of digits are padded to 20, so that `v10` comes after `v9`; longer runs (no version, no count) keep their
 * digits. Lists and objects order by their JSON text.
 */
function naturalTextOf(value: Sql): SortValue {
  const padded = sql`regexp_replace(${foldText(scalarText(value))}, '([0-9]+)', '00000000000000000000\\1', 'g')`;
  const natural = sql`regexp_replace(${padded}, '0*([0-9]{20,})', '\\1', 'g')`;
  return { expression: sql`(${natural} COLLATE "C")`, type: 'text' };
}
