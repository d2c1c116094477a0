import { InvalidRequestError } from '../../../metadata/index.js';

const POSITIVE_INTEGER = /^[1-9][0-9]{0,15}$/;

/**
 * Reads an id out of a URL.
 * @param name of the parameter, e.g. `userId`
 * @throws InvalidRequestError `invalid_id`
 */
export function parseId(text: string, name: string): number {
  const id = POSITIVE_INTEGER.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(id)) return id;
  const message = `An id is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`;
  throw InvalidRequestError.at(name, 'invalid_id', message);
}
