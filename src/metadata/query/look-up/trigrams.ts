import { foldText } from '../fold-text.js';
import { bind, sql, type Sql } from '../sql.js';

/** Three letters or digits in a row, by which a trigram index finds something. */
const TRIGRAM = /[a-z0-9]{3}/i;
/** Every one of them, overlapping. */
const TRIGRAMS = /(?=([a-z0-9]{3}))/g;
/** Trigrams of a long text that a sample is tested for. */
const MOST_TRIGRAMS = 32;

/** Whether a trigram index can be asked for a text, whatever letters beside those of ASCII the server knows. */
export function hasTrigram(text: string): boolean {
  return TRIGRAM.test(text);
}

/** Those of a text in lower case. */
export function trigramsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(TRIGRAMS), ([, trigram = '']) => trigram);
}

/** Whether a text contains another one, which is folded; asked so, a trigram index serves it. */
export function likeFolded(text: Sql, held: string): Sql {
  // In a pattern, `\`, `%` and `_` stand for themselves behind a `\`.
  const escaped = held.replace(/[\\%_]/g, '\\$&');
  return sql`${text} LIKE ('%' || ${foldText(bind(escaped, 'text'))} || '%')`;
}

/** Whether a text has these trigrams, or the first of them where there are very many. */
export function hasAll(text: Sql, trigrams: Iterable<string>): Sql {
  const patterns = [...new Set(trigrams)].slice(0, MOST_TRIGRAMS).map((trigram) => `%${trigram}%`);
  return sql`${text} LIKE ALL (${bind(patterns, 'text[]')})`;
}
