import type { Path } from '../document/index.js';
import { scalarText } from './fold-text.js';
import { bind, joinSql, sql, type Sql } from './sql.js';

/**
 * The value at a path, SQL NULL when it is not there. `->` with a text operand goes through objects only, so a key
 * such as `0` never picks an element of a list.
 */
export function valueAt(document: Sql, path: Path): Sql {
  return sql`(${joinSql([document, ...path.map((segment) => bind(segment, 'text'))], ' -> ')})`;
}

/** The value at a path as text, a string without its quotes; SQL NULL when it is null or not there. */
export function textAt(document: Sql, path: Path): Sql {
  const last = path.length - 1;
  if (last < 0) return scalarText(document);
  return sql`(${valueAt(document, path.slice(0, last))} ->> ${bind(path[last], 'text')})`;
}
