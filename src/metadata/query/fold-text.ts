import { sql, stringLiteral, type Sql } from './sql.js';

/**
 * The text without regard to case: Unicode lower-casing by ICU's root locale, so that the database's own locale does
 * not matter. ICU writes a capital sigma at a word's end as `ς`; folded to `σ`, since otherwise `ΟΔΟΣ` would not be
 * found in `ΟΔΟΣΑ`. (U+0130 lower-cases to two characters on both sides of every comparison, which is harmless.)
 */
export function foldText(text: Sql): Sql {
  return sql`translate(lower(${text} COLLATE "und-x-icu"), 'ς', 'σ')`;
}

/** The text with one string for another, pair by pair. */
export function replaceEach(text: Sql, pairs: readonly (readonly [string, string])[]): Sql {
  return pairs.reduce(
    (replaced, [from, to]) => sql`replace(${replaced}, ${stringLiteral(from)}, ${stringLiteral(to)})`,
    text,
  );
}

/** The text of a JSON scalar: a string without its quotes, any other scalar as PostgreSQL prints it. */
export function scalarText(value: Sql): Sql {
  return sql`(${value} #>> '{}')`;
}
