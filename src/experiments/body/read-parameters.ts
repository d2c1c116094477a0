import { InvalidRequestError, JsonNumber, type JsonObject, type JsonValue } from '../../metadata/index.js';

/**
 * The parameters of a query string as an object for {@link readObject}. A parameter has no type: digits are a number, and
 * `true` and `false` are booleans.
 * @param texts parameters that are texts whatever they look like
 * @throws InvalidRequestError `duplicate_parameter`
 */
export function readParameters(
  parameters: Iterable<readonly [name: string, value: string]>,
  texts: readonly string[] = [],
): JsonObject {
  const given = new Map<string, JsonValue>();
  for (const [name, value] of parameters) {
    if (given.has(name)) {
      throw InvalidRequestError.at(name, 'duplicate_parameter', `"${name}" is there more than once.`);
    }
    given.set(name, texts.includes(name) ? value : typed(value));
  }
  return given;
}

function typed(value: string): JsonValue {
  if (/^-?[0-9]+$/.test(value)) return new JsonNumber(value);
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}
