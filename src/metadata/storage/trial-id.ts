import { JsonNumber, shortenText } from '../document/index.js';
import { InvalidRequestError, TrialNotFoundError } from '../metadata.errors.js';
import type { TrialIdType } from './trial-table.js';

/** What identifies a trial in the host: a positive integer, or the text of a uuid. */
export type TrialId = number | string;

const LARGEST_INTEGER = 2 ** 31 - 1;
const POSITIVE_INTEGER = /^[1-9][0-9]{0,15}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads an id that came from outside: text of a URL, a number of a document, or a value of the host's code.
 * @param at where the request holds it, when it is not in the URL
 * @throws InvalidRequestError when it is no id of the host's type
 * @throws TrialNotFoundError when it is one that the host's column could not hold
 */
export function parseTrialId(input: unknown, type: TrialIdType, at?: string): TrialId {
  const text = input instanceof JsonNumber || typeof input === 'number' ? String(input) : input;
  if (type === 'uuid') {
    if (typeof text === 'string' && UUID.test(text)) return text.toLowerCase();
    throw InvalidRequestError.at(
      at ?? 'trialId',
      'invalid_trial_id',
      `A trial id is a UUID. ${received(text)}`,
    );
  }
  const id = typeof text === 'string' && POSITIVE_INTEGER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) {
    const message = `A trial id is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}. ${received(text)}`;
    throw InvalidRequestError.at(at ?? 'trialId', 'invalid_trial_id', message);
  }
  if (type === 'integer' && id > LARGEST_INTEGER) throw new TrialNotFoundError(id, at);
  return id;
}

function received(input: unknown): string {
  if (typeof input !== 'string') return 'Send one.';
  return `${JSON.stringify(shortenText(input))} is none.`;
}
