import {
  characterCount,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
} from '../../metadata/index.js';
import { isTrialState, TRIAL_STATES, type TrialState } from '../entities/trial-state.js';
import { parseInstant } from './parse-instant.js';
import type { ReadValue, Refuse, Refused } from './read-object.js';

const INTEGER = /^-?\d{1,16}$/;
/** Names are indexed, and an index entry of PostgreSQL holds at most 2,704 bytes. */
const NAME_LENGTH = 500;
const DESCRIPTION_LENGTH = 10_000;
const LABELS = 100;
const LABEL_LENGTH = 255;

/** A name: 1 to 500 characters, not all of them white space. */
export const name: ReadValue<string> = (value, refuse) => readText(value, refuse, NAME_LENGTH, 'name');

/** A text of up to 10,000 characters; may be empty. */
export const description: ReadValue<string> = (value, refuse) => {
  if (typeof value !== 'string') return notAccepted(refuse, 'Give a string.');
  return checkLength(value, refuse, DESCRIPTION_LENGTH);
};

/** A list of up to 100 labels, each a string of 1 to 255 characters. */
export const labels: ReadValue<readonly string[]> = (value, refuse) => {
  if (!isJsonArray(value)) return notAccepted(refuse, 'Give a list of strings.');
  if (value.length > LABELS) {
    return refuse({
      code: 'too_many_values',
      message: `There may be at most ${LABELS} labels.`,
      limit: LABELS,
      actual: value.length,
    });
  }
  const texts = value.map((label, index) =>
    readText(label, (fault) => refuse(fault, `[${index}]`), LABEL_LENGTH, 'label'),
  );
  return texts.filter((text) => typeof text === 'string');
};

export const state: ReadValue<TrialState> = (value, refuse) =>
  isTrialState(value)
    ? value
    : refuse({
        code: 'unknown_state',
        message: `There is no such state. Accepted: ${TRIAL_STATES.join(', ')}.`,
      });

export const flag: ReadValue<boolean> = (value, refuse) =>
  typeof value === 'boolean' ? value : notAccepted(refuse, 'Give true or false.');

/** The id of a row: a whole number above 0. */
export const id: ReadValue<number> = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** The number of a trial in its experiment, from 0. */
export const trialNumber: ReadValue<number> = wholeNumber(0, 2_147_483_647);

/** A point in time as an ISO 8601 string; without an offset it is UTC. */
export const instant: ReadValue<Date> = (value, refuse) => {
  const parsed = typeof value === 'string' ? parseInstant(value) : undefined;
  return parsed ?? notAccepted(refuse, 'Give a time as an ISO 8601 string, e.g. "2024-05-09T03:21:50.183Z".');
};

/** {@link instant}, or null to take the time away. */
export const instantOrNull: ReadValue<Date | null> = (value, refuse) =>
  value === null ? null : instant(value, refuse);

export const document: ReadValue<JsonObject> = (value, refuse) =>
  isJsonObject(value) ? value : notAccepted(refuse, 'Give a JSON object; {} for none.');

/** A whole number within the bounds, both included. */
export function wholeNumber(min: number, max: number): ReadValue<number> {
  return (value, refuse) => {
    if (value instanceof JsonNumber && INTEGER.test(value.text)) {
      const number = value.toNumber();
      if (number >= min && number <= max) return number;
    }
    return notAccepted(refuse, `Give a whole number from ${min} to ${max}.`);
  };
}

function readText(value: unknown, refuse: Refuse, limit: number, noun: string): string | Refused {
  if (typeof value !== 'string' || value.trim() === '') {
    return notAccepted(refuse, `Give a ${noun}: a string that is not blank.`);
  }
  return checkLength(value, refuse, limit);
}

function checkLength(text: string, refuse: Refuse, limit: number): string | Refused {
  const actual = characterCount(text);
  if (actual <= limit) return text;
  return refuse({
    code: 'text_too_long',
    message: `There may be at most ${limit} characters.`,
    limit,
    actual,
  });
}

function notAccepted(refuse: Refuse, message: string): Refused {
  return refuse({ code: 'value_not_accepted', message });
}
