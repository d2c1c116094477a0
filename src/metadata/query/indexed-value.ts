import type { Path } from '../document/index.js';
import { joinSql, sql, stringLiteral, trustedSql, type Sql } from './sql.js';

/** Bytes of JSON text up to which any value fits into an entry of a btree, and up to which a string does. */
const MOST_BYTES = trustedSql('300');
const MOST_STRING_BYTES = trustedSql('2000');

/**
 * The value at a path as an index has it: with the path written out, so that a prepared statement's generic plan finds
 * the index too. To be used for paths of the registry of indexes, never for one that came in with a request.
 */
export function literalValueAt(document: Sql, path: Path): Sql {
  return sql`(${joinSql([document, ...path.map(stringLiteral)], ' -> ')})`;
}

/** Whether a value is there and small enough for an index of values: what such an index is restricted to. */
export function isIndexable(value: Sql): Sql {
  const bytes = sql`octet_length((${value})::text)`;
  return sql`(${bytes} <= ${MOST_BYTES} OR (${bytes} <= ${MOST_STRING_BYTES} AND jsonb_typeof(${value}) = 'string'))`;
}

/** Whether a value is there and too large for an index of values. */
export function isTooLarge(value: Sql): Sql {
  return sql`NOT ${isIndexable(value)}`;
}
