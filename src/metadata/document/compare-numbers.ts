import { isZero, readDecimal, type Decimal } from './decimal.js';
import { type JsonNumber } from './json-value.js';

/** Numbers of up to 15 characters without an exponent survive the way through a double in order. */
const SHORT = /^[-.\d]{1,15}$/;

/** Compares by exact decimal value, whatever the size, in time linear in the texts: negative, 0 or positive. */
export function compareNumbers(a: JsonNumber, b: JsonNumber): number {
  if (a.text === b.text) return 0;
  if (SHORT.test(a.text) && SHORT.test(b.text)) return a.toNumber() - b.toNumber();
  return compareDecimals(readDecimal(a), readDecimal(b));
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const sign = signOf(a);
  if (sign !== signOf(b)) return sign - signOf(b);
  return sign === 0 ? 0 : sign * compareMagnitudes(a, b);
}

function signOf(decimal: Decimal): number {
  if (isZero(decimal)) return 0;
  return decimal.negative ? -1 : 1;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  const magnitude = a.point - a.first - (b.point - b.first);
  if (magnitude !== 0) return magnitude;
  const length = Math.max(a.digits.length - a.first, b.digits.length - b.first);
  for (let i = 0; i < length; i += 1) {
    const difference = digitAt(a, i) - digitAt(b, i);
    if (difference !== 0) return difference;
  }
  return 0;
}

function digitAt({ digits, first }: Decimal, index: number): number {
  return first + index < digits.length ? digits.charCodeAt(first + index) - 48 : 0;
}
