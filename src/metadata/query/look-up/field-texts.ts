import { JsonNumber, writeJson, type JsonValue } from '../../document/index.js';
import { operandText } from '../compile-contains.js';
import { foldText } from '../fold-text.js';
import type { BaseOperator, Operator } from '../operators.js';
import { bind, joinSql, sql, type Sql } from '../sql.js';
import { isWhole } from '../text-pattern.js';
import { hasAll, hasTrigram, joinedWords, joinWords, likeHolding, trigramsOf } from './trigrams.js';

/**
 * What the index on the texts of a field has of its value: the JSON of the value without regard to case, its words joined,
 * and behind it the hexadecimal digits of its bytes. A trigram index goes by three letters or digits in a row, and which letters it knows
 * depends on the server's locale; among the digits it finds any two characters, of every script.
 *
 *     "A100 8x"
 *     "a100q8x" 226131303071387822
 */
export function fieldTextOf(value: Sql): Sql {
  const text = foldAndJoin(sql`(${value})::text`);
  return sql`(${text} || ' ' || ${hexOf(text)})`;
}

function foldAndJoin(text: Sql): Sql {
  return joinWords(foldText(text));
}

/** How the index on the texts of a field is asked for an operand. */
export interface AskedText {
  /** What a value must have in its JSON, by its letters; absent where it has no three in a row. */
  readonly letters?: string;
  /** The same, or the beginning of it, by its bytes; absent where the letters say it all. */
  readonly bytes?: string;
}

/**
 * Bytes of a text, in UTF-8, from which on their digits have trigrams, and up to which the index is asked for them: it reads
 * how many documents have each, which takes longer the more common they are, until reading all documents takes less.
 */
const BYTES = { fewest: 2, most: 24 };
const ASCII = /^\p{ASCII}*$/u;

/**
 * How to ask for an operand of `contains` or `startsWith`; undefined where the index finds nothing by it. A string that starts
 * with a text does so behind its quotation mark.
 */
export function askedText(operator: BaseOperator, operand: JsonValue): AskedText | undefined {
  const text = operandText(operand);
  if (text === undefined || (operand instanceof JsonNumber && !isWhole(text))) return undefined;
  const inJson = writeJson(text).slice(1, -1);
  const asked = operator === 'startsWith' ? `"${inJson}` : inJson;
  if (Buffer.byteLength(folded(asked)) < BYTES.fewest) return undefined;
  if (!hasTrigram(joinedWords(asked))) return { bytes: beginningOf(asked) };
  return ASCII.test(asked) ? { letters: asked } : { letters: asked, bytes: beginningOf(asked) };
}

/** Whether the index on the texts of a field serves a condition on it. */
export function isLookedUpByText(operator: Operator, [operand = null]: readonly JsonValue[]): boolean {
  if (operator !== 'contains' && operator !== 'startsWith') return false;
  return askedText(operator, operand) !== undefined;
}

/** Whether a value has a text in its JSON, as the index on the texts of its field is asked. */
export function fieldHolds(value: Sql, { letters, bytes }: AskedText): Sql {
  const text = fieldTextOf(value);
  const tests = [
    ...(letters === undefined ? [] : [likeHolding(text, letters, foldAndJoin)]),
    ...(bytes === undefined
      ? []
      : [sql`${text} LIKE ('%' || ${hexOf(foldAndJoin(bind(bytes, 'text')))} || '%')`]),
  ];
  return sql`(${joinSql(tests, ' AND ')})`;
}

/** Whether the index would give a value of a sample for a text. */
export function fieldHasTrigrams(value: Sql, { letters = '', bytes = '' }: AskedText): Sql {
  const digits = Buffer.from(folded(bytes)).toString('hex');
  return hasAll(fieldTextOf(value), [...trigramsOf(folded(letters)), ...trigramsOf(digits)]);
}

/** Whole characters of a text. */
function beginningOf(text: string): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > BYTES.most) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** Much as {@link foldAndJoin}, for what need not be exact. */
function folded(text: string): string {
  return joinedWords(text.toLowerCase().replaceAll('ς', 'σ'));
}

/** Immutable, as an index has to be, where `convert_to` is not. */
function hexOf(text: Sql): Sql {
  return sql`encode(decode(replace(${text}, E'\\\\', E'\\\\\\\\'), 'escape'), 'hex')`;
}
