import { duplicateParameter, JsonNumber, type JsonObject, type JsonValue } from '../../metadata/index.js';
import { readObject, type ObjectOf, type Properties } from './read-object.js';

/** What a query string says beside the parameters of an endpoint: see `readQueryString`. */
const OF_THE_QUERY = [
  'filter',
  'sort',
  'fields',
  'and conditions, e.g. metadata.gpu=A100 or trial.state[isNot]=ERROR',
];

/**
 * Reads what a query string holds beside filter, sort and fields. A parameter has no type: digits are a number, and `true` and
 * `false` are booleans.
 * @param texts parameters that are texts whatever they look like
 * @throws InvalidRequestError listing every fault, or `duplicate_parameter` before any other
 */
export function readParameters<P extends Properties>(
  parameters: Iterable<readonly [name: string, value: string]>,
  properties: P,
  texts: readonly string[] = [],
): ObjectOf<P> {
  return readObject(withTypes(parameters, texts), properties, 'query', OF_THE_QUERY);
}

function withTypes(
  parameters: Iterable<readonly [name: string, value: string]>,
  texts: readonly string[],
): JsonObject {
  const given = new Map<string, JsonValue>();
  for (const [name, value] of parameters) {
    if (given.has(name)) throw duplicateParameter(name);
    given.set(name, texts.includes(name) ? value : typed(value));
  }
  return given;
}

function typed(value: string): JsonValue {
  if (/^-?[0-9]+$/.test(value)) return new JsonNumber(value);
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}
