import { type Problem } from '../metadata.errors.js';
import { briefPath } from './brief-path.js';
import { fitsNumeric } from './decimal.js';
import { InvalidJsonError } from './invalid-json.error.js';
import { isJsonNumberText } from './json-number-text.js';
import { JsonMap, JsonNumber, RawJson, type JsonValue } from './json-value.js';
import { DEFAULT_MAX_DEPTH, parseJson } from './parse-json.js';
import { type Path } from './path.js';
import { ProblemList } from './problem-list.js';
import { UNSTORABLE_NUMBER, unstorableText, type Unstorable } from './unstorable.js';

export interface ToJsonValueOptions {
  /** Objects and lists inside each other; 64 by default. */
  readonly maxDepth?: number;
  /** Goes in front of the path of every problem. */
  readonly at?: Path;
}

/**
 * The JSON value of a JavaScript one: scalars, bigint, arrays, plain objects and instances of classes (own enumerable
 * members), maps with string keys, Date (ISO 8601), anything with `toJSON`, `JsonNumber`, `RawJson`. Undefined members
 * are left out and an undefined element is null, as `JSON.stringify` does.
 *
 * Throws an `InvalidJsonError` that lists every value that JSON cannot say or PostgreSQL cannot hold: NaN and
 * infinities, functions, symbols, sets and other built-in classes, cycles, NUL, lone surrogates, numbers beyond
 * `numeric`, nesting deeper than `maxDepth`.
 */
export function toJsonValue(plain: unknown, options: ToJsonValueOptions = {}): JsonValue {
  const { maxDepth = DEFAULT_MAX_DEPTH, at = [] } = options;
  const conversion = new Conversion(maxDepth, at);
  const value = conversion.convert(plain);
  conversion.throwIfAny();
  return value;
}

class Conversion {
  private readonly problems = new ProblemList<Problem>();
  private readonly path: string[];
  /** The objects that hold the present value: to meet one again is a cycle. */
  private readonly holders = new Set<object>();

  constructor(
    private readonly maxDepth: number,
    private readonly at: Path,
  ) {
    this.path = [...at];
  }

  throwIfAny(): void {
    const { listed } = this.problems;
    if (listed.length > 0) throw new InvalidJsonError([...listed, ...this.problems.remainder(this.at)]);
  }

  convert(value: unknown): JsonValue {
    switch (typeof value) {
      case 'string':
        this.checkText(value, 'string');
        return value;
      case 'boolean':
        return value;
      case 'number':
        if (Number.isFinite(value)) return new JsonNumber(String(value));
        return this.refuse('not_finite', `JSON has no number ${value}. Report null or a string.`);
      case 'bigint':
        return this.convertNumber(new JsonNumber(String(value)));
      case 'object':
        return value === null ? null : this.convertObject(value);
      default:
        return this.refuse('not_json', `A value of type ${typeof value} is no JSON. Leave the member out.`);
    }
  }

  private convertNumber(number: JsonNumber): JsonValue {
    if (!isJsonNumberText(number.text)) {
      return this.refuse('not_json', 'The text of the JsonNumber is no JSON number. Write it as in 1.5e3.');
    }
    if (!fitsNumeric(number)) this.refuseUnstorable(UNSTORABLE_NUMBER);
    return number;
  }

  private convertObject(value: object): JsonValue {
    if (value instanceof JsonNumber) return this.convertNumber(value);
    if (this.holders.has(value)) {
      return this.refuse('circular_reference', 'The value holds itself. Report a copy without the way back.');
    }
    this.holders.add(value);
    const converted = this.convertContents(value);
    this.holders.delete(value);
    return converted;
  }

  private convertContents(value: object): JsonValue {
    if (value instanceof RawJson) return this.convertRaw(value);
    if (isBoxed(value)) return this.convert(value.valueOf());
    if (Array.isArray(value)) return this.convertArray(value);
    if (value instanceof Map) return this.convertMembers(value);
    if (value instanceof Date && Number.isNaN(value.getTime())) {
      return this.refuse('not_json', 'The Date is invalid. Report null or a valid one.');
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.convert(toJSON.call(value, this.path.at(-1) ?? ''));
    const closed = closedClass(value);
    if (closed !== undefined) {
      return this.refuse('not_json', `A ${closed} is no JSON. Report its contents as a list or an object.`);
    }
    return this.convertMembers(Object.entries(value));
  }

  private convertRaw({ text }: RawJson): JsonValue {
    try {
      const maxDepth = this.maxDepth - (this.path.length - this.at.length);
      return parseJson(text, { maxDepth, at: this.path });
    } catch (error) {
      if (!(error instanceof InvalidJsonError)) throw error;
      for (const problem of error.problems) this.problems.add(() => problem);
      return null;
    }
  }

  private convertArray(elements: readonly unknown[]): JsonValue {
    if (this.isTooDeep()) return this.refuseDepth();
    // Array.from, since map would leave the holes of a sparse array.
    return Array.from(elements, (element, i) => {
      this.path.push(String(i));
      const converted = element === undefined ? null : this.convert(element);
      this.path.pop();
      return converted;
    });
  }

  private convertMembers(members: Iterable<readonly [unknown, unknown]>): JsonValue {
    if (this.isTooDeep()) return this.refuseDepth();
    const converted = new JsonMap();
    for (const [key, value] of members) {
      if (value === undefined) continue;
      if (typeof key !== 'string') {
        this.refuse('not_json', `A key of the map is of type ${typeof key}. Use strings as keys.`);
        continue;
      }
      this.path.push(key);
      this.checkText(key, 'key');
      converted.set(key, this.convert(value));
      this.path.pop();
    }
    return converted;
  }

  private isTooDeep(): boolean {
    return this.path.length - this.at.length >= this.maxDepth;
  }

  private refuseDepth(): null {
    return this.refuse(
      'nested_too_deep',
      `Objects and lists are nested deeper than ${this.maxDepth}. Flatten the value.`,
    );
  }

  private checkText(text: string, kind: 'key' | 'string'): void {
    for (const unstorable of unstorableText(text, kind)) this.refuseUnstorable(unstorable);
  }

  private refuseUnstorable({ code, what, advice }: Unstorable): void {
    this.refuse(code, `${what}. ${advice}`);
  }

  /** Notes the problem; null goes on in the value's place, and is never seen outside. */
  private refuse(code: string, message: string): null {
    this.problems.add(() => ({ path: briefPath(this.path), code, message }));
    return null;
  }
}

function isBoxed(value: object): boolean {
  return (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    Object.prototype.toString.call(value) === '[object BigInt]'
  );
}

const CLOSED =
  /^(?:Set|WeakMap|WeakSet|WeakRef|RegExp|Promise|Error|DataView|(?:Shared)?ArrayBuffer|\w+Array|Map Iterator|Set Iterator)$/;

/** Name of a class of JavaScript's own whose contents are not its members; undefined for any other class. */
function closedClass(value: object): string | undefined {
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return CLOSED.test(name) ? name : undefined;
}
