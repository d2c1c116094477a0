import { isZero, JsonNumber, readDecimal, writeJson, type JsonValue } from '../shared/metadata.js';

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const COUNT = new Intl.NumberFormat('en-US');
/** Eight significant digits, or as many as the integer has. */
const NUMBER = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 8,
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
});
/** Numbers from 1e-6 to below 1e15 are written without an exponent. */
const EXPONENTS = { least: -6, most: 14 };

/** A count with separators: `1,948`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** So many of something: `1 group`, `1,948 groups`. */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/**
 * A number to read and not to compute with: integers whole, decimals to eight significant digits, the very large and the
 * very small in scientific form: `4,294,048,988`, `10,473.574`, `1.2345679e29`.
 */
export function formatNumber(number: JsonNumber): string {
  const decimal = readDecimal(number);
  const { digits, point, first, negative } = decimal;
  const exponent = point - first - 1;
  if (isZero(decimal)) return '0';
  if (exponent >= EXPONENTS.least && exponent <= EXPONENTS.most) {
    // The text of a number of JSON is one that Intl reads, digit by digit.
    return NUMBER.format(number.text as `${number}`);
  }
  const mantissa = NUMBER.format(
    Number(`${digits.slice(first, first + 1)}.${digits.slice(first + 1, first + 17)}`),
  );
  const sign = negative ? '-' : '';
  // Nines round up to a further digit.
  return mantissa === '10' ? `${sign}1e${exponent + 1}` : `${sign}${mantissa}e${exponent}`;
}

/** An instant in the reader's time zone; text that is none stays as it is. */
export function formatInstant(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : DATE_TIME.format(date);
}

/** Seconds as people say them: `45 s`, `11 min 26 s`, `3 h 4 min`, `2 d 3 h`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return String(seconds);
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return `${minutes} min ${rest} s`;
}

/** A value as one line of text: strings bare, the rest as JSON; cut at `limit` characters. */
export function plainText(value: JsonValue, limit = 300): string {
  const text =
    typeof value === 'string' ? value : value instanceof JsonNumber ? value.text : writeJson(value);
  return text.length > limit ? `${cut(text, limit)}…` : text;
}

/** The room that `…` takes, in digits: in many fonts it is wider than one. */
export const ELLIPSIS_ROOM = 2;

/** The first characters, none of them torn apart. */
export function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
