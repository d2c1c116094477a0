import { isJsonObject, keptBody, parseJson, unpiped, type JsonObject } from '../../metadata/index.js';
import { InvalidArgumentError } from '../determined.errors.js';

const EMPTY: JsonObject = new Map();

/**
 * The request's body as an object, with every digit. The content type is not looked at, since Determined's SDK sends
 * none, and where the SDK leaves the body out it means an empty object.
 * @throws InvalidArgumentError, InvalidJsonError
 */
export function DeterminedBody(): ParameterDecorator {
  return determinedBody(undefined);
}

const determinedBody = unpiped((request): JsonObject => {
  const body = keptBody(request);
  if (body === undefined) {
    throw new Error('The body was read before it could be kept. Name the route in ExactBodies.capture().');
  }
  if (body.bytes.length === 0) return EMPTY;
  const value = parseJson(body.bytes);
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('invalid request: the body must be an object');
});
