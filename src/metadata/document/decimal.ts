import { type JsonNumber } from './json-value.js';

/** What PostgreSQL's `numeric` holds. */
export const MAX_INTEGER_DIGITS = 131_072;
export const MAX_FRACTION_DIGITS = 16_383;
/** Beyond it PostgreSQL refuses even zero; it is a little more patient, but nobody writes such a zero. */
const MAX_EXPONENT = 1_000_000_000;

/** A number taken apart: the value is `0.<digits>` times ten to the power of `point`. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  /** How many of the digits stand before the decimal point; may be negative, or more than there are. */
  readonly point: number;
  /** Index of the first digit that is not 0; the number of digits when the value is zero. */
  readonly first: number;
}

/** Takes a number apart in time linear in its text, whatever its exponent. */
export function readDecimal({ text }: JsonNumber): Decimal {
  const negative = text.startsWith('-');
  const exponentAt = text.search(/[eE]/);
  const mantissa = text.slice(negative ? 1 : 0, exponentAt < 0 ? undefined : exponentAt);
  const exponent = exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1));
  const dot = mantissa.indexOf('.');
  const digits = dot < 0 ? mantissa : mantissa.slice(0, dot) + mantissa.slice(dot + 1);
  const first = digits.search(/[1-9]/);
  return {
    negative,
    digits,
    point: (dot < 0 ? mantissa.length : dot) + exponent,
    first: first < 0 ? digits.length : first,
  };
}

export function isZero({ digits, first }: Decimal): boolean {
  return first === digits.length;
}

/** Digits before the decimal point without leading zeros; 0 for a number below 1. */
function integerDigits(decimal: Decimal): number {
  return isZero(decimal) ? 0 : Math.max(0, decimal.point - decimal.first);
}

/** Digits after the decimal point, trailing zeros included: PostgreSQL keeps them. */
function fractionDigits({ digits, point }: Decimal): number {
  return Math.max(0, digits.length - point);
}

/** Whether PostgreSQL's `numeric` takes the number: 131,072 digits before the decimal point and 16,383 after it. */
export function fitsNumeric(number: JsonNumber): boolean {
  const { text } = number;
  if (text.length <= MAX_FRACTION_DIGITS && !/[eE]/.test(text)) return true;
  const decimal = readDecimal(number);
  return (
    Math.abs(decimal.point - decimal.digits.length) <= MAX_EXPONENT &&
    integerDigits(decimal) <= MAX_INTEGER_DIGITS &&
    fractionDigits(decimal) <= MAX_FRACTION_DIGITS
  );
}

/** Length of {@link printNumber}'s text, without making it. */
export function printedLength(number: JsonNumber): number {
  if (isPrinted(number.text)) return number.text.length;
  const decimal = readDecimal(number);
  const fraction = fractionDigits(decimal);
  const sign = decimal.negative && !isZero(decimal) ? 1 : 0;
  return sign + Math.max(1, integerDigits(decimal)) + (fraction === 0 ? 0 : 1 + fraction);
}

/**
 * The number as PostgreSQL prints it: no exponent, trailing zeros kept, zero without a sign. `1e3` gives `1000`, `1.50`
 * stays. Throws a RangeError for a number that PostgreSQL does not hold.
 */
export function printNumber(number: JsonNumber): string {
  if (isPrinted(number.text)) return number.text;
  if (!fitsNumeric(number)) throw new RangeError('The number is beyond what PostgreSQL holds.');
  const decimal = readDecimal(number);
  const { digits, point, first } = decimal;
  const sign = decimal.negative && !isZero(decimal) ? '-' : '';
  const fraction = fractionDigits(decimal);
  const integer = isZero(decimal)
    ? ''
    : digits.slice(first, Math.max(first, point)).padEnd(integerDigits(decimal), '0');
  if (fraction === 0) return sign + (integer || '0');
  const written = digits.slice(Math.max(0, point)).padStart(fraction, '0');
  return `${sign}${integer || '0'}.${written}`;
}

function isPrinted(text: string): boolean {
  // Zeros with a sign are the only other texts that change.
  return !/[eE]/.test(text) && !text.startsWith('-0');
}
