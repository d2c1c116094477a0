import {
  BACKSLASH,
  CARRIAGE_RETURN,
  DOT,
  LINE_FEED,
  MINUS,
  PLUS,
  QUOTE,
  LETTER_E,
  CAPITAL_E,
  LETTER_U,
  SPACE,
  TAB,
  ZERO,
  isDigit,
  isSurrogate,
} from './char-codes.js';
import { fitsNumeric } from './decimal.js';
import { JsonFaults, type FaultKind } from './json-faults.js';
import { JsonNumber } from './json-value.js';
import { type Path } from './path.js';
import { describeFound } from './syntax-advice.js';
import { UNSTORABLE_NUMBER, unstorableText } from './unstorable.js';

const ESCAPE = /^\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/;
const ESCAPE_ADVICE = 'Write \\\\ for a backslash and \\u with four hexadecimal digits for a character.';
const CONTROL_ADVICE = 'Write a line break as \\n and a tab as \\t.';
const NUMBER_ADVICE = 'Write numbers such as -1, 0.5 and 1e-3.';

/** Reads the words of a JSON text: strings, numbers, literals and white space. Its user keeps `path` at the present place. */
export class JsonScanner {
  position = 0;
  readonly path: (string | number)[];
  private readonly faults: JsonFaults;
  /** Whether the present string holds NUL or any surrogate, and so must be looked at closely. */
  private suspicious = false;

  constructor(
    private readonly text: string,
    at: Path,
  ) {
    this.path = [...at];
    this.faults = new JsonFaults(text, at);
  }

  /** The code unit that follows white space, not yet consumed; -1 at the end. */
  skipSpace(): number {
    const { text } = this;
    const { length } = text;
    let i = this.position;
    while (i < length) {
      const unit = text.charCodeAt(i);
      if (
        unit > SPACE ||
        !(unit === SPACE || unit === LINE_FEED || unit === CARRIAGE_RETURN || unit === TAB)
      ) {
        this.position = i;
        return unit;
      }
      i += 1;
    }
    this.position = i;
    return -1;
  }

  skipWord(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  /** Reads the string at whose opening quote the reader stands. */
  readString(): string {
    const { text } = this;
    const { length } = text;
    const start = this.position;
    let hasEscapes = false;
    this.suspicious = false;
    for (let i = start + 1; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit === QUOTE) {
        this.position = i + 1;
        return hasEscapes ? this.unescape(start) : text.slice(start + 1, i);
      }
      if (unit === BACKSLASH) {
        hasEscapes = true;
        i += 1;
        if (text.charCodeAt(i) === LETTER_U) this.suspicious = true;
      } else if (unit < SPACE) {
        // A raw NUL is no JSON either, but its own code says more.
        if (unit !== 0) this.failAt(i, 'A control character stands unescaped in a string', CONTROL_ADVICE);
        this.suspicious = true;
      } else if (isSurrogate(unit)) {
        this.suspicious = true;
      }
    }
    return this.fail('A string begins but does not end', 'Close it with a double quote.');
  }

  /** The string from `start` to the present position, which has escapes. */
  private unescape(start: number): string {
    // Control characters are gone, so that only a bad escape can be wrong: or a raw NUL, which was noted.
    const quoted = this.text.slice(start, this.position).replaceAll('\0', '\\u0000');
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.failAt(badEscape(this.text, start), 'An escape in a string is none of JSON', ESCAPE_ADVICE);
    }
  }

  /** Notes what PostgreSQL cannot hold in the string from `start`, which the path leads to. */
  checkString(value: string, start: number, kind: 'key' | 'string'): void {
    if (!this.suspicious) return;
    for (const fault of unstorableText(value, kind)) this.addFault(start, fault);
  }

  readNumber(): JsonNumber {
    const { text } = this;
    const start = this.position;
    let i = start;
    if (text.charCodeAt(i) === MINUS) i += 1;
    const integer = i;
    i = this.skipDigits(i);
    if (text.charCodeAt(integer) === ZERO && i > integer + 1) {
      this.failAt(start, 'A number begins with 0', 'Remove the zeros in front, or write a string.');
    }
    if (text.charCodeAt(i) === DOT) i = this.skipDigits(i + 1);
    const unit = text.charCodeAt(i);
    if (unit === LETTER_E || unit === CAPITAL_E) {
      const sign = text.charCodeAt(i + 1);
      i = this.skipDigits(sign === PLUS || sign === MINUS ? i + 2 : i + 1);
    }
    this.position = i;
    const number = new JsonNumber(text.slice(start, i));
    if (!fitsNumeric(number)) this.addFault(start, UNSTORABLE_NUMBER);
    return number;
  }

  /** Skips one digit or more. */
  private skipDigits(from: number): number {
    let i = from;
    while (isDigit(this.text.charCodeAt(i))) i += 1;
    if (i > from) return i;
    return this.failAt(from, `Expected a digit but found ${describeFound(this.text, from)}`, NUMBER_ADVICE);
  }

  /** What stands at the present position, for a message. */
  found(): string {
    return describeFound(this.text, this.position);
  }

  addFault(offset: number, kind: FaultKind): void {
    this.faults.add(offset, this.path, kind);
  }

  /** Ends the reading at the present position. */
  fail(what: string, advice: string, code = 'invalid_json'): never {
    return this.faults.fail(this.position, this.path, { code, what, advice });
  }

  /** Throws when faults were noted on the way. */
  finish(): void {
    this.faults.throwIfAny();
  }

  private failAt(offset: number, what: string, advice: string): never {
    this.position = offset;
    return this.fail(what, advice);
  }
}

/** Offset of the first bad escape, where there is one. */
function badEscape(text: string, from: number): number {
  let offset = text.indexOf('\\', from);
  for (let good = ESCAPE.exec(text.slice(offset, offset + 6)); good !== null;) {
    offset = text.indexOf('\\', offset + good[0].length);
    good = ESCAPE.exec(text.slice(offset, offset + 6));
  }
  return offset;
}
