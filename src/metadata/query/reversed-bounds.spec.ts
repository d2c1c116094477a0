import { JsonNumber, type JsonValue } from '../document/index.js';
import { areReversed } from './reversed-bounds.js';

const number = (text: string) => new JsonNumber(text);

test.each<[JsonValue, JsonValue]>([
  [number('5'), number('1')],
  [number('-1'), number('-2')],
  [number('1e400'), number('9007199254740993')],
  [number('9007199254740993'), number('9007199254740992')],
  ['b', 'a'],
  ['2024-05-02', '2024-05-01'],
  ['2024-06', '2024-05-31'],
  ['2024-05-01T10:00', '2024-05-01T10:00+01:00'],
  ['2024-05-01T10:00-0130', '2024-05-01 11:29Z'],
  ['2024-05-01T10:00:00,5+01', '2024-05-01T09:00:00Z'],
])('%s to %s is reversed, the other way round not', (lower, upper) => {
  expect(areReversed(lower, upper)).toBe(true);
  expect(areReversed(upper, lower)).toBe(false);
});

test.each<[JsonValue, JsonValue]>([
  [number('1'), number('1.0')],
  ['a', 'a'],
  ['2024-05-01', '2024-05-01T00:00Z'],
  // What `between` does not compare has no order.
  [number('5'), '1'],
  ['b', '2024-05-01'],
  [true, false],
  [null, number('1')],
])('%s to %s is not reversed', (lower, upper) => {
  expect(areReversed(lower, upper)).toBe(false);
  expect(areReversed(upper, lower)).toBe(false);
});
