import { isZero, readDecimal, type Decimal, type JsonNumber } from '../shared/metadata.js';
import { ELLIPSIS_ROOM } from './format.js';

/**
 * A number in as many characters as there is room for: as it is written where that fits, else its beginning or
 * e-notation, whichever has more of its digits: `0.3333333…`, `1.2345e-13`. One digit is there however little the room.
 */
export function fitNumber(number: JsonNumber, room: number): string {
  const { text } = number;
  if (text.length <= room) return text;
  const decimal = readDecimal(number);
  if (isZero(decimal)) return '0';
  const exponent = decimal.point - decimal.first - 1;
  const free = room - (decimal.negative ? 1 : 0);
  const digits = Math.max(1, free - `.e${exponent}`.length);
  // Its point, the zeros that a small number begins with, and the sign that there is more.
  const begun = free - (exponent < 0 ? 1 - exponent : 1) - ELLIPSIS_ROOM;
  const isWritten = !/e/i.test(text);
  if (isWritten && begun >= digits && begun > exponent) return `${text.slice(0, room - ELLIPSIS_ROOM)}…`;
  return scientific(decimal, exponent, digits);
}

/** Rounded to so many digits, without zeros at the end. */
function scientific({ digits, first, negative }: Decimal, exponent: number, count: number): string {
  const kept = digits.slice(first, first + count);
  const up = digits.charAt(first + count) >= '5';
  const rounded = up ? String(BigInt(kept) + 1n) : kept;
  // Nines round up to a further digit.
  const power = exponent + rounded.length - kept.length;
  const fraction = rounded.slice(1).replace(/0+$/, '');
  return `${negative ? '-' : ''}${rounded.charAt(0)}${fraction === '' ? '' : `.${fraction}`}e${power}`;
}
