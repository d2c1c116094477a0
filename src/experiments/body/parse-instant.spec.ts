import { instantAt, parseInstant } from './parse-instant.js';

describe('parseInstant', () => {
  it.each([
    ['2024-05', '2024-05-01T00:00:00.000Z'],
    ['2024-05-09', '2024-05-09T00:00:00.000Z'],
    ['2024-05-09T03:21', '2024-05-09T03:21:00.000Z'],
    ['2024-05-09 03:21:50', '2024-05-09T03:21:50.000Z'],
    ['2024-05-09T03:21:50.1839999Z', '2024-05-09T03:21:50.183Z'],
    ['2024-05-09T03:21:50,1+05', '2024-05-08T22:21:50.100Z'],
    ['2024-05-09T03:21:50-0530', '2024-05-09T08:51:50.000Z'],
    ['2024-05-09T03:21:50+05:30', '2024-05-08T21:51:50.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2023-02-29',
    '2024-13-01',
    '2024-05-09T25:00',
    '1715224910183',
    '0000-01-01',
    '0001-01-01T00:00+14',
  ])('refuses %p', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('instantAt', () => {
  it('refuses what is no time between the years 1 and 9999', () => {
    expect(instantAt(1715224910183)?.toISOString()).toBe('2024-05-09T03:21:50.183Z');
    for (const milliseconds of [Number.NaN, Number.POSITIVE_INFINITY, 1e15, -1e15]) {
      expect(instantAt(milliseconds)).toBeUndefined();
    }
  });
});
