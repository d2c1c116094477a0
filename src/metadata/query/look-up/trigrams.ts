import { replaceEach } from '../fold-text.js';
import { bind, sql, type Sql } from '../sql.js';

/** Three letters or digits in a row, by which a trigram index finds something. */
const TRIGRAM = /[a-z0-9]{3}/i;
/** Every one of them, overlapping. */
const TRIGRAMS = /(?=([a-z0-9]{3}))/g;
/** Trigrams of a long text that a sample is tested for. */
const MOST_TRIGRAMS = 32;

/** What stands between words, and a letter for each that is seldom in words. */
const JOINTS: readonly (readonly [joint: string, letter: string])[] = [
  [' ', 'q'],
  ['-', 'x'],
  ['_', 'z'],
  ['.', 'j'],
  ['/', 'x'],
];

/**
 * A text with its words joined by letters, so that a trigram index, which goes by letters and digits alone, tells how they
 * follow each other: of `bert-large` and `t5-base` it makes no `bert-base`. What holds a text does so joined, too.
 *
 *     bert-base v1.5
 *     bertxbaseqv1j5
 */
export function joinWords(text: Sql): Sql {
  return replaceEach(text, JOINTS);
}

/** As {@link joinWords} does. */
export function joinedWords(text: string): string {
  return JOINTS.reduce((joined, [joint, letter]) => joined.replaceAll(joint, letter), text);
}

/** Whether a trigram index can be asked for a text, whatever letters beside those of ASCII the server knows. */
export function hasTrigram(text: string): boolean {
  return TRIGRAM.test(text);
}

/** Those of a text in lower case. */
export function trigramsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(TRIGRAMS), ([, trigram = '']) => trigram);
}

/**
 * Whether a text contains another one; asked so, a trigram index serves it.
 * @param fold makes the other one what the text is of its own: folded, say
 */
export function likeHolding(text: Sql, held: string, fold: (held: Sql) => Sql): Sql {
  // In a pattern, `\`, `%` and `_` stand for themselves behind a `\`, as does a letter.
  const escaped = held.replace(/[\\%_]/g, '\\$&');
  return sql`${text} LIKE ('%' || ${fold(bind(escaped, 'text'))} || '%')`;
}

/** Whether a text has these trigrams, or the first of them where there are very many. */
export function hasAll(text: Sql, trigrams: Iterable<string>): Sql {
  const patterns = [...new Set(trigrams)].slice(0, MOST_TRIGRAMS).map((trigram) => `%${trigram}%`);
  return sql`${text} LIKE ALL (${bind(patterns, 'text[]')})`;
}
