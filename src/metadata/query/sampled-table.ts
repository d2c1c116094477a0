import { sql, tableConstant, type Sql } from './sql.js';

/** The share of a table's rows, from 0 to 1, that lies in so many of its pages: for TABLESAMPLE SYSTEM, which takes pages. */
export function shareOfPages(table: Sql, pages: Sql): Sql {
  return sql`least(1, ${pages} * current_setting('block_size')::float8 / greatest(pg_relation_size(${tableConstant(table)}), 1))`;
}
