import { columnJson } from './compile-column-condition.js';
import { valueAt } from './value-at.js';
import type { Column } from './column.js';
import { foldText, scalarText } from './fold-text.js';
import type { SortKey } from './sort.js';
import { bind, sql, trustedSql, type BindType, type Sql } from './sql.js';

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
    case 'uuid':
      return { expression: column.sql, type: 'uuid' };
    case 'text':
      return { expression: sql`(${column.sql} COLLATE "C")`, type: 'text' };
  }
}

/**
 * What counts as a numeric string: decimal digits with sign, point and exponent, blanks around it. Short enough that
 * no cast overflows.
 */
const NUMERIC_STRING = '^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})? *$';
/** Longer strings are text, whatever their digits. */
const NUMERIC_STRING_LENGTH = 400;

function numberOf(value: Sql): SortValue {
  const text = scalarText(value);
  const numeric = sql`jsonb_typeof(${value}) = 'string' AND length(${text}) <= ${bind(NUMERIC_STRING_LENGTH, 'integer')} AND ${text} ~ ${bind(NUMERIC_STRING, 'text')}`;
  return {
    expression: sql`CASE WHEN jsonb_typeof(${value}) = 'number' OR (${numeric}) THEN ${text}::numeric END`,
    type: 'numeric',
  };
}

/** As far as a text decides its place in an order; what a cursor carries stays small. */
const SORTED_TEXT_LENGTH = 1_000;

/**
 * The text with each run of digits as six digits that count its digits and then these, without leading zeros: bytewise,
 * `v10` (`v00000210`) then comes after `v9` (`v0000019`), however long the runs. Lists and objects go by their JSON text.
 *
 * Not regexp_replace with a padding and a counted repetition: PostgreSQL takes ten times as long for that.
 */
function naturalTextOf(value: Sql): SortValue {
  const text = sql`left(${foldText(scalarText(value))} COLLATE "C", ${trustedSql(String(SORTED_TEXT_LENGTH))})`;
  const digits = sql`ltrim(run, '0')`;
  // The first part stands before the first run, and may be empty.
  const pieces = sql`unnest(regexp_split_to_array(whole, '[0-9]+'), array_remove(regexp_split_to_array(whole, '[^0-9]+'), ''))`;
  return {
    expression: sql`(SELECT string_agg(part || coalesce(lpad(length(${digits})::text, 6, '0') || ${digits}, ''), '' ORDER BY place) FROM ${text} AS whole, ${pieces} WITH ORDINALITY AS piece(part, run, place))`,
    type: 'text',
  };
}
