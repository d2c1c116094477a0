import {
  checkLimits,
  isJsonObject,
  jsonTypeOf,
  parseJson,
  toJsonValue,
  type JsonObject,
  type JsonValue,
  type MetadataLimits,
} from './document/index.js';
import { InvalidRequestError, type Problem } from './metadata.errors.js';

/** Metadata as a caller of the service gives it: with exact numbers, or as a plain JavaScript object. */
export type MetadataInput = JsonObject | object;

/** Deeper than any limit that was ever in force when a document was stored. */
const STORED_DEPTH = 1_000;

/**
 * @param prefix where the request holds the document, e.g. `reports[3].`
 * @throws InvalidRequestError, InvalidJsonError when it is no JSON object
 */
export function acceptDocument(input: unknown, prefix = ''): JsonObject {
  const value = isJsonObject(input) ? input : toJsonValue(input, { at: ['metadata'] });
  if (isJsonObject(value)) return value;
  const message = `"metadata" must be an object, not ${nounOf(value)}. Send e.g. {"metadata": {"gpu": "A100"}}.`;
  throw InvalidRequestError.at(`${prefix}metadata`, 'not_an_object', message);
}

/** Reads a document that PostgreSQL wrote. */
export function parseStored(text: string): JsonObject {
  const value = parseJson(text, { maxDepth: STORED_DEPTH });
  if (isJsonObject(value)) return value;
  throw new TypeError('Stored metadata is no object.');
}

/** Every limit that the document breaks. */
export function limitProblems(document: JsonObject, limits: MetadataLimits, prefix = ''): readonly Problem[] {
  const problems = checkLimits(document, limits, ['metadata']);
  return prefix === ''
    ? problems
    : problems.map((problem) => ({ ...problem, path: `${prefix}${problem.path}` }));
}

/** The stored document with the top-level keys of the reported one put into it. */
export function mergeKeys(stored: string, reported: JsonObject): JsonObject {
  return new Map([...parseStored(stored), ...reported]);
}

function nounOf(value: JsonValue): string {
  const type = jsonTypeOf(value);
  if (type === 'null') return 'null';
  return type === 'array' ? 'a list' : `a ${type}`;
}
