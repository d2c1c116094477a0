import { isJsonObject, parseJson, toJsonValue, type JsonObject } from '../metadata/index.js';
import { checkDeterminedLimits } from './check-determined-limits.js';

function refusal(document: object | string): string | undefined {
  const value = typeof document === 'string' ? parseJson(document) : toJsonValue(document);
  if (!isJsonObject(value)) throw new TypeError('The test gives no object.');
  try {
    checkDeterminedLimits(value satisfies JsonObject);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** An object in an object, with a value at a depth. */
function nested(depth: number, value: unknown): object {
  let inner: unknown = value;
  for (let level = 0; level < depth; level += 1) inner = { k: inner };
  return inner as object;
}

const items = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const keys = (count: number): object => Object.fromEntries(items(count).map((index) => [`k${index}`, index]));

describe('checkDeterminedLimits', () => {
  it.each([
    ['an empty document', {}],
    ['keys of 50 bytes', { ['k'.repeat(50)]: 1, ['é'.repeat(25)]: { ['k'.repeat(50)]: 2 } }],
    ['a value at depth 10', nested(10, 1)],
    ['100 elements', { a: items(100) }],
    ['a string of 5,000 characters', { a: 'x'.repeat(5000), b: '😀'.repeat(5000) }],
    ['1,000 leaf values', keys(1000)],
    ['characters that its keys may not hold', { 'a.b': 1, $: { '[0]': 2 }, '': 3 }],
    ['null, numbers of any size and booleans', '{"a": null, "b": 9007199254740993, "c": true, "d": 1e400}'],
  ])('lets through %s', (_, document) => {
    expect(refusal(document)).toBeUndefined();
  });

  const key = 'error flattening metadata: metadata key exceeds maximum length of 50 characters';
  const depth = 'error flattening metadata: metadata exceeds maximum nesting depth of 10';
  const value = 'error flattening metadata: metadata value exceeds maximum length of 5000 characters';
  const count = 'error flattening metadata: request exceeds run metadata key count limit of 1000';

  it.each([
    ['a key of 51 bytes', { ['k'.repeat(51)]: 1 }, key],
    ['a key of 26 characters in 52 bytes', { ['é'.repeat(26)]: 1 }, key],
    ['a long key below others', { a: { b: [{ ['k'.repeat(51)]: 1 }] } }, key],
    ['a value at depth 11', nested(11, 1), depth],
    ['an empty object at depth 11', nested(11, {}), depth],
    ['an element at depth 11', nested(10, [1]), depth],
    [
      '101 elements',
      { a: items(101) },
      'error flattening metadata: metadata array exceeds maximum length of 101/100 elements',
    ],
    ['a string of 5,001 characters', { a: ['x'.repeat(5001)] }, value],
    ['1,001 leaf values', keys(1001), count],
    ['1,001 leaf values in lists', Object.fromEntries(items(11).map((i) => [`l${i}`, items(91)])), count],
    ['1,001 empty objects', Object.fromEntries(items(1001).map((i) => [`e${i}`, {}])), count],
  ])("refuses %s in Determined's words", (_, document, message) => {
    expect(refusal(document)).toBe(message);
  });
});
