const FORM =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The point in time that an ISO 8601 text names, in microseconds since 1970 (digits beyond are cut); undefined for any
 * other text. Written without a look at the expression that the engine uses.
 */
export function readInstant(text: string): bigint | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = parts;
  const legal =
    between(year, 1, 9999) &&
    between(month, 1, 12) &&
    between(day, 1, daysOf(Number(year), Number(month))) &&
    between(hour, 0, 23) &&
    between(minute, 0, 59) &&
    between(second, 0, 59);
  const offset = minutesOf(zone);
  if (!legal || offset === undefined) return undefined;
  const days = daysBefore(Number(year), Number(month)) + BigInt(day) - 719_163n;
  const minutes = days * 1440n + BigInt(hour) * 60n + BigInt(minute) - BigInt(offset);
  return (minutes * 60n + BigInt(second)) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

function minutesOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = digits.slice(0, 2);
  const minutes = digits.slice(2) || '00';
  if (!between(hours, 0, 14) || !between(minutes, 0, 59)) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysOf(year: number, month: number): number {
  return (DAYS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

/** Days from 0001-01-01 to the first of the month, the first day counting 1 with the day of the month added. */
function daysBefore(year: number, month: number): bigint {
  const past = year - 1;
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  for (let earlier = 1; earlier < month; earlier++) days += daysOf(year, earlier);
  return BigInt(days);
}

function between(digits: string, low: number, high: number): boolean {
  return Number(digits) >= low && Number(digits) <= high;
}
