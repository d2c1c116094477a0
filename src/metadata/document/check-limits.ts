import { type Problem } from '../metadata.errors.js';
import { briefPath } from './brief-path.js';
import { printedLength } from './decimal.js';
import { isJsonArray, JsonNumber, type JsonArray, type JsonObject, type JsonValue } from './json-value.js';
import { type MetadataLimits } from './metadata-limits.js';
import { type Path } from './path.js';
import { ProblemList } from './problem-list.js';

/**
 * Every limit that the document breaks, with path, limit and actual; empty when it keeps them all. Codes:
 * `document_too_large`, `too_many_values`, `too_deep`, `key_too_long`, `string_too_long`, `array_too_long`. Beyond 100
 * problems a last one, `more_problems`, counts the rest. `at` goes in front of every path; a part that is too deep is one
 * problem, however much it holds.
 */
export function checkLimits(document: JsonObject, limits: MetadataLimits, at: Path = []): Problem[] {
  return new LimitCheck(limits, at).run(document);
}

class LimitCheck {
  private readonly problems = new ProblemList<Problem>();
  private readonly path: string[];
  private leafValues = 0;
  private deepest = 0;

  constructor(
    private readonly limits: MetadataLimits,
    private readonly at: Path,
  ) {
    this.path = [...at];
  }

  run(document: JsonObject): Problem[] {
    const bytes = this.measure(document, 1);
    const { documentBytes, leafValues } = this.limits;
    const whole: Problem[] = [];
    if (bytes > documentBytes) {
      const advice = 'Report less, or store the large part elsewhere and report where it is.';
      whole.push(this.problem('document_too_large', 'The document', 'bytes', documentBytes, bytes, advice));
    }
    if (this.leafValues > leafValues) {
      const advice = 'Report fewer, or store long lists elsewhere.';
      whole.push(
        this.problem('too_many_values', 'The document', 'values', leafValues, this.leafValues, advice),
      );
    }
    return [...whole, ...this.problems.listed, ...this.problems.remainder(this.at)];
  }

  /** Notes what is wrong in the value; gives the bytes that PostgreSQL prints for it. */
  private measure(value: JsonValue, depth: number): number {
    if (typeof value === 'string') return this.measureString(value);
    if (value === null || value === true || value === false || value instanceof JsonNumber) {
      this.leafValues += 1;
      return value instanceof JsonNumber ? printedLength(value) : String(value).length;
    }
    if (depth <= this.limits.depth) return this.measureMembers(value, depth);
    const isTop = depth === this.limits.depth + 1;
    this.deepest = isTop ? depth : Math.max(this.deepest, depth);
    const bytes = this.measureMembers(value, depth);
    if (isTop) {
      const unit = 'levels of objects and lists here';
      this.add('too_deep', 'The document', unit, this.limits.depth, this.deepest, 'Flatten it.');
    }
    return bytes;
  }

  private measureMembers(value: JsonArray | JsonObject, depth: number): number {
    return isJsonArray(value) ? this.measureArray(value, depth) : this.measureObject(value, depth);
  }

  private measureString(text: string): number {
    this.leafValues += 1;
    const bytes = Buffer.byteLength(text);
    const { stringBytes } = this.limits;
    if (bytes > stringBytes) {
      const advice = 'Shorten it, or store the text elsewhere and report where it is.';
      this.add('string_too_long', 'The string', 'bytes', stringBytes, bytes, advice);
    }
    return quotedBytes(text, bytes);
  }

  private measureArray(elements: JsonArray, depth: number): number {
    if (elements.length === 0) this.leafValues += 1;
    const { arrayElements } = this.limits;
    if (elements.length > arrayElements) {
      const advice = 'Report a summary, or split the list.';
      this.add('array_too_long', 'The list', 'elements', arrayElements, elements.length, advice);
    }
    let bytes = punctuationBytes(elements.length);
    const level = this.path.length;
    for (const [i, element] of elements.entries()) {
      this.path[level] = String(i);
      bytes += this.measure(element, depth + 1);
    }
    this.path.length = level;
    return bytes;
  }

  private measureObject(members: JsonObject, depth: number): number {
    if (members.size === 0) this.leafValues += 1;
    const { keyBytes } = this.limits;
    // Each member has `: ` between key and value.
    let bytes = punctuationBytes(members.size) + 2 * members.size;
    const level = this.path.length;
    for (const [key, value] of members) {
      this.path[level] = key;
      const length = Buffer.byteLength(key);
      if (length > keyBytes) this.add('key_too_long', 'The key', 'bytes', keyBytes, length, 'Shorten it.');
      bytes += quotedBytes(key, length) + this.measure(value, depth + 1);
    }
    this.path.length = level;
    return bytes;
  }

  private add(...facts: Parameters<LimitCheck['problem']>): void {
    this.problems.add(() => this.problem(...facts));
  }

  private problem(
    code: string,
    subject: string,
    unit: string,
    limit: number,
    actual: number,
    advice: string,
  ): Problem {
    const message = `${subject} has ${actual} ${unit}, ${limit} are allowed. ${advice}`;
    return { path: briefPath(this.path), code, message, limit, actual };
  }
}

/** Brackets or braces, and `, ` between the members. */
function punctuationBytes(members: number): number {
  return members === 0 ? 2 : 2 * members;
}

/** A control character, a double quote or a backslash. */
const NEEDS_ESCAPE = /[^ !#-[\]-\uffff]/;

/** Bytes of the text as a JSON string, `bytes` being those of the text itself. */
function quotedBytes(text: string, bytes: number): number {
  return NEEDS_ESCAPE.test(text) ? Buffer.byteLength(JSON.stringify(text)) : bytes + 2;
}
