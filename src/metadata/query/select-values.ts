import { FALSE, joinSql, sql, TRUE, type Sql } from './sql.js';

/** An expression and the name that it goes by in the rows. */
export interface NamedValue {
  readonly value: Sql;
  readonly name: Sql;
  /** Its type; `jsonb` by default. */
  readonly type?: 'jsonb' | 'text' | undefined;
}

/**
 * One row a trial with values of it, for counting and grouping: each value is taken out of the document once, however
 * often the query uses it, and by several processes at a time.
 *
 *     SELECT m.metadata -> 'gpu' AS k0 FROM … UNION ALL SELECT NULL::jsonb WHERE false
 *
 * The empty second part is for the planner. Of an expression on the document it believes that there are as many values as
 * documents, and then sorts a million rows to make six groups; of a union it knows nothing, and believes in a few. OFFSET 0
 * would do that too, but in one process.
 * @param trials what stands behind FROM
 * @param more whether one row without any value is put in, where there are values to be taken; by default it is not
 */
export function selectValues(values: readonly NamedValue[], trials: Sql, more = false): Sql {
  if (values.length === 0) return sql`SELECT FROM ${trials}`;
  const taken = values.map(({ value, name }) => sql`${value} AS ${name}`);
  const none = values.map(({ type }) => (type === 'text' ? sql`NULL::text` : sql`NULL::jsonb`));
  return sql`SELECT ${joinSql(taken, ', ')} FROM ${trials} UNION ALL SELECT ${joinSql(none, ', ')} WHERE ${more ? TRUE : FALSE}`;
}
