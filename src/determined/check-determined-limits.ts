import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../metadata/index.js';
import { InvalidArgumentError } from './determined.errors.js';

/** Bytes of one key. */
const KEY_BYTES = 50;
/** Steps from the document to a value: a key is one, and so is an element's place in a list. */
const DEPTH = 10;
const LIST_LENGTH = 100;
/** Characters of a string, as code points. */
const STRING_LENGTH = 5_000;
/** Scalars, those in lists included; an empty object or list counts as one. */
const LEAVES = 1_000;

/**
 * Refuses what Determined refuses, in its words; training code that was written for it may rely on either. Only the
 * characters that its keys may not hold are let through.
 * @throws InvalidArgumentError for the first limit that the document breaks
 */
export function checkDeterminedLimits(document: JsonObject): void {
  if (document.size > 0) countLeaves(document, 0, 0);
}

/** Gives the leaves counted so far. */
function countLeaves(value: JsonValue, depth: number, before: number): number {
  if (depth > DEPTH) throw refuse(`metadata exceeds maximum nesting depth of ${DEPTH}`);
  let leaves = before;
  if (isJsonObject(value) && value.size > 0) {
    for (const [key, member] of value) {
      if (Buffer.byteLength(key) > KEY_BYTES) {
        throw refuse(`metadata key exceeds maximum length of ${KEY_BYTES} characters`);
      }
      leaves = countLeaves(member, depth + 1, leaves);
    }
    return leaves;
  }
  if (isJsonArray(value) && value.length > 0) {
    if (value.length > LIST_LENGTH) {
      throw refuse(`metadata array exceeds maximum length of ${value.length}/${LIST_LENGTH} elements`);
    }
    for (const element of value) leaves = countLeaves(element, depth + 1, leaves);
    return leaves;
  }
  if (typeof value === 'string' && value.length > STRING_LENGTH && Array.from(value).length > STRING_LENGTH) {
    throw refuse(`metadata value exceeds maximum length of ${STRING_LENGTH} characters`);
  }
  if (leaves === LEAVES) throw refuse(`request exceeds run metadata key count limit of ${LEAVES}`);
  return leaves + 1;
}

function refuse(reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`error flattening metadata: ${reason}`);
}
