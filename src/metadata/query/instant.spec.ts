import { timesAsLong } from '../../../test/support/times-as-long.js';
import { isDate, isInstant } from './instant.js';

test.each([
  '2024-05', '2024-05-01', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31T23:59:59-14:59', '2024-05-01T10:00', '2024-05-01 10:00',
  '2024-05-01T10:00Z', '2024-05-01T10:00:00', '2024-05-01T10:00:00.1', '2024-05-01T10:00:00,123456789Z', '2024-05-01T10:00+05', '2024-05-01T10:00+0530', '2024-05-01T10:00-05:30',
])('%j is an instant', (text) => {
  expect(isInstant(text)).toBe(true);
}); // prettier-ignore

test.each([
  // What PostgreSQL's own cast takes, and much of it silently as something else.
  '', 'now', 'today', 'infinity', 'epoch', '2024', '20240501', '2024-5-1', '05/01/2024', '2024-05-01 BC', '2024-05-01T10:00 Europe/Berlin', '2024-05-01T10:00 PST', '2024-W18-3', '2024-122', '12024-05-01', '-2024-05-01',
  // Days and times that do not exist.
  '0000-01-01', '0000-02-29', '2024-00-01', '2024-13-01', '2024-05-00', '2024-05-32', '2024-04-31', '2023-02-29', '1900-02-29', '2024-02-30', '2024-05-01T24:00', '2024-05-01T23:60', '2024-05-01T23:59:60', '2024-05-01T10:00+15:00', '2024-05-01T10:00+05:60',
  // Nearly, with something before, after or missing.
  ' 2024-05-01', '2024-05-01 ', '2024-05-01\n', '2024-05-01T', '2024-05-01T10', '2024-05-01T10:00:', '2024-05-01T10:00:00.', '2024-05-01T10:00:00.1234567891', '2024-05-01T10:00z', '2024-05-01t10:00', '2024-05-01T10:00 Z', '2024-05-01Z', '2024-05Z', '2024-05T10:00', '２０２４-05-01',
])('%j is none', (text) => {
  expect(isInstant(text)).toBe(false);
  expect(isDate(text)).toBe(false);
}); // prettier-ignore

test('a date is an instant as RFC 3339 writes it, a day or a month', () => {
  const dates = ['2024-05', '2024-05-01', '2024-05-01T10:00:00Z', '2024-05-01T10:00:00.123+05:30'];
  const others = ['2024-05-01 10:00:00Z', '2024-05-01T10:00Z', '2024-05-01T10:00:00', '2024-05-01T10:00:00,5Z', '2024-05-01T10:00:00+0530']; // prettier-ignore
  expect(dates.map(isDate)).toEqual(dates.map(() => true));
  expect(others.map(isDate)).toEqual(others.map(() => false));
  expect(others.map(isInstant)).toEqual(others.map(() => true));
});

test.each(['2', '2024-05-01', '2024-05-01T10:00:00.', '0', ' '])(
  'a long text of %j is told in time linear in its length',
  async (unit) => {
    const [short, long] = [unit.repeat(50_000), unit.repeat(1_000_000)];
    // Quadratic work would take 400 times as long.
    expect(
      await timesAsLong(
        () => isInstant(long),
        () => isInstant(short),
      ),
    ).toBeLessThan(100);
  },
);
