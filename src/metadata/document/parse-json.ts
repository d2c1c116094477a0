import { decodeUtf8 } from './decode-utf8.js';
import { briefPath } from './brief-path.js';
import { JsonReader } from './json-reader.js';
import { type JsonValue } from './json-value.js';
import { type Path } from './path.js';

export interface ParseJsonOptions {
  /** Objects and lists inside each other; 64 by default. */
  readonly maxDepth?: number;
  /** Where the text stands in the request: goes in front of the path of every problem. */
  readonly at?: Path;
}

/** Depth that {@link parseJson} and `toJsonValue` accept when none is asked for. */
export const DEFAULT_MAX_DEPTH = 64;

/**
 * Reads JSON (RFC 8259) with nothing lost: numbers keep their text, every key its name. Bytes are read as UTF-8.
 *
 * Throws an `InvalidJsonError` for what is no JSON and for what PostgreSQL cannot hold or JSON leaves open: duplicate
 * keys, NUL, lone surrogates, numbers beyond `numeric`, a byte order mark, nesting deeper than `maxDepth`. It lists all
 * of these up to the first error of syntax, each with path, line and column. Time is linear in the text.
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): JsonValue {
  const { maxDepth = DEFAULT_MAX_DEPTH, at = [] } = options;
  const text = typeof input === 'string' ? input : decodeUtf8(input, briefPath(at));
  return new JsonReader(text, maxDepth, at).read();
}
