import { joinSql, sql, trustedSql, type Sql } from '../../metadata/index.js';

/** A row of {@link selectTexts}: `v0`, `v1` … */
export type TextRow = Readonly<Record<string, string | null>>;

/**
 * A SELECT list of the expressions as text under the names `v0`, `v1` …: any number of them, whatever paths they come
 * from. (An array would be one column, but `pg` reads arrays character by character.)
 */
export function selectTexts(expressions: readonly Sql[]): Sql {
  return joinSql(
    expressions.map((expression, index) => sql`(${expression})::text AS ${trustedSql(`"v${index}"`)}`),
    ', ',
  );
}

/** The texts of a row, in the order of the expressions: `pg` makes its properties in that order. */
export function textsOf(row: TextRow, count: number): readonly (string | null)[] {
  return Object.values(row).slice(0, count);
}

/**
 * JSON texts of expressions as one column, since every column of a row costs as much as a short text. A line each: the
 * text of JSON, as PostgreSQL writes it, has no line ends of its own.
 */
export function selectJson(expressions: readonly Sql[]): Sql {
  const texts = expressions.map((expression) => sql`(${expression})::text`);
  return sql`array_to_string(ARRAY[${joinSql(texts, ', ')}]::text[], E'\\n', '')`;
}

/** The texts of {@link selectJson}; null where an expression was NULL. */
export function jsonTexts(lines: string): readonly (string | null)[] {
  return lines.split('\n').map((text) => (text === '' ? null : text));
}
