import {
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isDigit,
} from './char-codes.js';
import { type FaultKind } from './json-faults.js';
import { JsonScanner } from './json-scanner.js';
import { JsonMap, type JsonValue } from './json-value.js';
import { type Path } from './path.js';
import { adviceOnValue } from './syntax-advice.js';

const DUPLICATE_KEY: FaultKind = {
  code: 'duplicate_key',
  what: 'The key is given a second time',
  advice: 'Keep one of the two.',
};

/** Reads one text, by recursive descent; used once. */
export class JsonReader {
  private readonly scanner: JsonScanner;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
    at: Path,
  ) {
    this.scanner = new JsonScanner(text, at);
  }

  read(): JsonValue {
    const { scanner, text } = this;
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
      scanner.fail('A byte order mark stands', 'Send the text without it.', 'byte_order_mark');
    }
    const value = this.readValue();
    if (scanner.skipSpace() !== -1) {
      scanner.fail(`The JSON has ended, but ${scanner.found()} follows`, 'Send one JSON value.');
    }
    scanner.finish();
    return value;
  }

  private readValue(): JsonValue {
    const { scanner, text } = this;
    const unit = scanner.skipSpace();
    if (unit === QUOTE) return this.readText('string');
    if (unit === OPEN_BRACE) return this.readObject();
    if (unit === OPEN_BRACKET) return this.readArray();
    if (unit === MINUS || isDigit(unit)) return scanner.readNumber();
    if (scanner.skipWord('true')) return true;
    if (scanner.skipWord('false')) return false;
    if (scanner.skipWord('null')) return null;
    const advice = adviceOnValue(text, scanner.position);
    return scanner.fail(`Expected a value but found ${scanner.found()}`, advice);
  }

  private readObject(): JsonValue {
    const { scanner } = this;
    const { path } = scanner;
    const level = path.length;
    const members = new JsonMap();
    this.enter();
    for (let unit = scanner.skipSpace(); unit !== CLOSE_BRACE; unit = this.readSeparator(CLOSE_BRACE)) {
      if (unit !== QUOTE) {
        scanner.fail(`Expected a key but found ${scanner.found()}`, 'Write the key in double quotes.');
      }
      const keyAt = scanner.position;
      const key = this.readText('key', level);
      if (scanner.skipSpace() !== COLON) {
        scanner.fail(`Expected a colon but found ${scanner.found()}`, 'Write a colon behind the key.');
      }
      scanner.position += 1;
      const size = members.size;
      members.set(key, this.readValue());
      if (members.size === size) scanner.addFault(keyAt, DUPLICATE_KEY);
      path.length = level;
    }
    this.leave();
    return members;
  }

  private readArray(): JsonValue {
    const { scanner } = this;
    const { path } = scanner;
    const level = path.length;
    const elements: JsonValue[] = [];
    this.enter();
    for (let unit = scanner.skipSpace(); unit !== CLOSE_BRACKET; unit = this.readSeparator(CLOSE_BRACKET)) {
      path[level] = elements.length;
      elements.push(this.readValue());
      path.length = level;
    }
    this.leave();
    return elements;
  }

  /** Reads the comma, if there is one; gives the code unit that follows: `close`, or the beginning of a member. */
  private readSeparator(close: number): number {
    const { scanner } = this;
    const unit = scanner.skipSpace();
    if (unit === close) return close;
    if (unit !== COMMA) {
      const end = String.fromCharCode(close);
      const what = `Expected a comma or "${end}" but found ${scanner.found()}`;
      scanner.fail(what, `Separate with commas and close with ${end}.`);
    }
    scanner.position += 1;
    const next = scanner.skipSpace();
    if (next === close) scanner.fail(`A comma stands before ${scanner.found()}`, 'Remove the comma.');
    return next;
  }

  /** Reads a string; a key's own path is noted at `level` first, so that its faults name it. */
  private readText(kind: 'key' | 'string', level?: number): string {
    const { scanner } = this;
    const start = scanner.position;
    const text = scanner.readString();
    if (level !== undefined) scanner.path[level] = text;
    scanner.checkString(text, start, kind);
    return text;
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > this.maxDepth) {
      const what = `Objects and lists are nested deeper than ${this.maxDepth}`;
      this.scanner.fail(what, 'Flatten the value.', 'nested_too_deep');
    }
    this.scanner.position += 1;
  }

  private leave(): void {
    this.depth -= 1;
    this.scanner.position += 1;
  }
}
