import { isInstant } from '../../metadata/index.js';

const TIME = /^(.{10})[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(Z|[+-].*)?$/;
/** What both JavaScript and PostgreSQL hold and four digits write. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads what a filter would compare as an instant: an ISO 8601 date or time, UTC where no offset is given. Digits
 * beyond the millisecond are cut. Undefined when the text is none.
 */
export function parseInstant(text: string): Date | undefined {
  if (!isInstant(text)) return undefined;
  const match = TIME.exec(text);
  if (match === null) return instantAt(Date.parse(text));
  const [, day, minutes, seconds = ':00', fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  return instantAt(Date.parse(`${day}T${minutes}${seconds}.${milliseconds}${writtenOut(zone)}`));
}

/** The instant so many milliseconds after 1970 began; undefined outside the years 1 to 9999. */
export function instantAt(milliseconds: number): Date | undefined {
  return milliseconds >= FIRST && milliseconds <= LAST ? new Date(milliseconds) : undefined;
}

/** `+05` and `+0530` as `+05:00` and `+05:30`, which is all that JavaScript reads. */
function writtenOut(zone: string): string {
  if (zone === 'Z') return zone;
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}
