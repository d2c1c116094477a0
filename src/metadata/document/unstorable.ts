/** Something that JSON can say but PostgreSQL's jsonb cannot hold exactly; `what` is written before the place. */
export interface Unstorable {
  readonly code: 'nul_character' | 'lone_surrogate' | 'number_out_of_range';
  readonly what: string;
  readonly advice: string;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a text can be a string or a key of a stored document. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text);
}

/** Why a string or key cannot be stored; empty when it can. */
export function unstorableText(text: string, kind: 'key' | 'string'): readonly Unstorable[] {
  const found: Unstorable[] = [];
  if (text.includes('\0')) {
    found.push({
      code: 'nul_character',
      what: `There is NUL (\\u0000) in the ${kind}`,
      advice: 'PostgreSQL cannot store it: remove it, or report the bytes as base64.',
    });
  }
  if (LONE_SURROGATE.test(text)) {
    found.push({
      code: 'lone_surrogate',
      what: `There is half a surrogate pair in the ${kind}`,
      advice: 'Send whole characters; a text that was cut inside an emoji is the usual cause.',
    });
  }
  return found;
}

/** For a number that `fitsNumeric` refuses. */
export const UNSTORABLE_NUMBER: Unstorable = {
  code: 'number_out_of_range',
  what: 'The number is beyond what PostgreSQL holds exactly',
  advice:
    'At most 131,072 digits before the decimal point and 16,383 after it: round it, or report it as a string.',
};
