import type { ValueType } from './filter.js';
import { scalarText } from './fold-text.js';
import { isDateSql } from './instant.js';
import { bind, sql, type Sql } from './sql.js';

/** Whether a jsonb expression is of a type; unknown where it is SQL NULL. */
export function compileHasType(value: Sql, type: ValueType): Sql {
  const isString = sql`jsonb_typeof(${value}) = 'string'`;
  switch (type) {
    case 'date':
      return sql`(${isString} AND ${isDateSql(scalarText(value))})`;
    case 'text':
      return sql`(${isString} AND NOT ${isDateSql(scalarText(value))})`;
    case 'string':
      return isString;
    default:
      return sql`jsonb_typeof(${value}) = ${bind(type, 'text')}`;
  }
}
