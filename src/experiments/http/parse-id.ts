import { InvalidRequestError, shortenText } from '../../metadata/index.js';

const POSITIVE_INTEGER = /^[1-9][0-9]{0,15}$/;

/**
 * Reads an id out of a URL.
 * @param what of which the id is, e.g. `project`
 * @throws InvalidRequestError `invalid_id`
 */
export function parseId(text: string, what: 'project' | 'experiment' | 'trial' | 'view'): number {
  const id = POSITIVE_INTEGER.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(id)) return id;
  const shown = JSON.stringify(shortenText(text));
  const message = `The id of a ${what} is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}. ${shown} is none.`;
  throw InvalidRequestError.at(`${what}Id`, 'invalid_id', message);
}
