import fc from 'fast-check';
import { compareJson } from './compare-json.js';
import { equalJson } from './equal-json.js';
import { compareNumbers } from './compare-numbers.js';
import { compareText } from './compare-text.js';
import { JsonNumber } from './json-value.js';
import { parseJson } from './parse-json.js';
import { toJsonValue } from './to-json-value.js';

const number = (text: string) => new JsonNumber(text);
const anyValue = fc.jsonValue({ stringUnit: 'grapheme' }).map((plain) => toJsonValue(plain));

describe('compareJson', () => {
  // In PostgreSQL's own order, as a server with collation C printed it.
  const ordered = [
    ...['[]', 'null', '""', '"10"', '"B"', '"a"', '"aa"', '"é"', '"\uFFFD"', '"😀"'],
    ...['-1e400', '-2', '-1', '0', '1e-400', '0.1', '0.1000000000000000055', '1', '2', '10'],
    ...['9007199254740992', '9007199254740993', '1e400', 'false', 'true'],
    ...['[null]', '["a"]', '[1]', '[[]]', '[{}]', '[1,1]', '[1,2]'],
    ...['{}', '{"a":null}', '{"a":1}', '{"a":[]}', '{"aa":0}', '{"b":0}', '{"b":1,"aa":0}', '{"c":0,"aa":0}'],
  ].map((text) => parseJson(text));

  it('orders every pair as PostgreSQL does', () => {
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) {
        expect(Math.sign(compareJson(a, b))).toBe(Math.sign(i - j));
        expect(equalJson(a, b)).toBe(i === j);
      }
    }
  });

  it('is a total order that equalJson agrees with', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(Math.sign(compareJson(a, b))).toBe(-Math.sign(compareJson(b, a)) + 0);
        expect(equalJson(a, b)).toBe(compareJson(a, b) === 0);
        const [x, y, z] = [a, b, c].sort(compareJson);
        expect(compareJson(x!, z!)).toBeLessThanOrEqual(0);
        expect(compareJson(x!, y!)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('equalJson', () => {
  it.each([
    ['1', '1.0', true],
    ['-0', '0.00', true],
    ['1e2', '100', true],
    ['9007199254740993', '9007199254740992', false],
    ['{"a":1,"b":[1,{}]}', '{"b":[1.0,{}],"a":1e0}', true],
    ['{"a":1}', '{"b":1}', false],
    ['{"a":null}', '{}', false],
    ['[1,2]', '[2,1]', false],
    ['[]', '{}', false],
    ['"1"', '1', false],
    ['"é"', '"e\u0301"', false],
  ])('says of %s and %s: %s', (a, b, equal) => {
    expect(equalJson(parseJson(a), parseJson(b))).toBe(equal);
    expect(equalJson(parseJson(b), parseJson(a))).toBe(equal);
  });
});

describe('compareNumbers', () => {
  it('agrees with exact arithmetic', () => {
    const decimal = fc.record({
      units: fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
      scale: fc.nat(30),
    });
    const small = fc.record({ units: fc.bigInt({ min: -120n, max: 120n }), scale: fc.nat(3) });
    const any = fc.oneof(decimal, small);
    fc.assert(
      fc.property(any, any, (a, b) => {
        const x = a.units * 10n ** BigInt(30 - a.scale);
        const y = b.units * 10n ** BigInt(30 - b.scale);
        const order = compareNumbers(number(`${a.units}e-${a.scale}`), number(`${b.units}E-${b.scale}`));
        expect(Math.sign(order) + 0).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('compares two numbers of a million digits at once', () => {
    const digits = '1'.repeat(1_000_000);
    expect(compareNumbers(number(`${digits}1`), number(`${digits}2`))).toBeLessThan(0);
    expect(compareNumbers(number(`0.${digits}`), number(`${digits}e-1000000`))).toBe(0);
  });
});

describe('compareText', () => {
  it('orders by the bytes of UTF-8', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1_000 },
    );
    expect(compareText('😀', '\uFFFD')).toBeGreaterThan(0);
  });
});
