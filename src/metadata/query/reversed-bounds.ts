import { compareNumbers } from '../document/compare-numbers.js';
import { compareText } from '../document/compare-text.js';
import { JsonNumber, type JsonValue } from '../document/json-value.js';
import { isInstant } from './instant.js';

/**
 * Whether the lower bound of a `between` is above the upper one, so that no value is between them. Bounds that `between`
 * does not compare with each other, as a number and a string, are none of these. Instants that are less than a millisecond
 * apart are not told from each other.
 */
export function areReversed(lower: JsonValue, upper: JsonValue): boolean {
  if (lower instanceof JsonNumber && upper instanceof JsonNumber) return compareNumbers(lower, upper) > 0;
  if (typeof lower !== 'string' || typeof upper !== 'string') return false;
  if (isInstant(lower) !== isInstant(upper)) return false;
  return isInstant(lower) ? timeOf(lower) > timeOf(upper) : compareText(lower, upper) > 0;
}

/** Milliseconds of an instant, each of its forms written as the one that every JavaScript engine reads. */
function timeOf(instant: string): number {
  const [, day = '', time = '00:00', offset = 'Z'] = PARTS.exec(instant) ?? [];
  const [hours, minutes] = [offset.slice(0, 3), offset.slice(3).replace(':', '').padEnd(2, '0')];
  const zone = offset === 'Z' ? offset : `${hours}:${minutes}`;
  return Date.parse(`${day.padEnd(10, '-01')}T${time.replace(',', '.')}${zone}`);
}

/** Day, time and offset; without an offset it is UTC. */
const PARTS = /^([0-9-]+)(?:[T ]([0-9:.,]+)(Z|[+-][0-9:]+)?)?$/;
