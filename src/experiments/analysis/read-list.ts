import { InvalidRequestError, isJsonArray, isJsonObject, parseField } from '../../metadata/index.js';
import type { Field, JsonArray, JsonValue } from '../../metadata/index.js';
import { readObject, type ObjectOf, type Properties } from '../body/read-object.js';
import { FIELD_NAMES } from '../search/search-request.js';

/**
 * A list of a request; absent is empty.
 * @param accepted in words, for the message: what it is a list of
 * @throws InvalidRequestError `value_not_accepted`, `too_many_values`
 */
export function readList(
  input: JsonValue | undefined,
  at: string,
  limit: number,
  accepted: string,
): JsonArray {
  if (input === undefined) return [];
  if (!isJsonArray(input))
    throw InvalidRequestError.at(at, 'value_not_accepted', `Give a list of ${accepted}.`);
  if (input.length > limit) {
    const message = `There may be at most ${limit} here.`;
    throw new InvalidRequestError([
      { path: at, code: 'too_many_values', message, limit, actual: input.length },
    ]);
  }
  return input;
}

/** An element of a list that names a field. @throws InvalidRequestError as parseField does */
export function readField(input: JsonValue, at: string): Field {
  if (typeof input === 'string') return parseField(input, at, FIELD_NAMES);
  const message = 'Name a field as a string, e.g. "metadata.hardware.gpu" or "trial.state".';
  throw InvalidRequestError.at(at, 'invalid_field', message);
}

/** As {@link readObject}, for an object within the body. @throws InvalidRequestError with paths that begin with `at` */
export function readObjectAt<P extends Properties>(input: JsonValue, properties: P, at: string): ObjectOf<P> {
  try {
    return readObject(input, properties, at);
  } catch (error) {
    if (!(error instanceof InvalidRequestError) || !isJsonObject(input)) throw error;
    throw new InvalidRequestError(
      error.problems.map((problem) => ({ ...problem, path: `${at}.${problem.path}` })),
    );
  }
}

/** Each element once, by its name: the first of those that bear one. */
export function distinct<T>(elements: readonly T[], nameOf: (element: T) => string): readonly T[] {
  return [
    ...new Map(elements.toReversed().map((element) => [nameOf(element), element])).values(),
  ].toReversed();
}
