import { characterCount } from './character-count.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['😀😀', 2],
  ['a😀b', 3],
  ['\ud83d', 1],
  ['\ude00\ud83d', 2],
])('%j has %i characters', (text, count) => {
  expect(characterCount(text)).toBe(count);
});
