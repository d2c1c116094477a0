import fc from 'fast-check';
import { InvalidJsonError } from './invalid-json.error.js';
import { JsonNumber, RawJson } from './json-value.js';
import { toJsonValue } from './to-json-value.js';
import { toPlain } from './to-plain.js';
import { writeJson } from './write-json.js';

function refused(plain: unknown): readonly (readonly [path: string, code: string])[] {
  try {
    toJsonValue(plain);
  } catch (error) {
    if (error instanceof InvalidJsonError) return error.problems.map(({ path, code }) => [path, code]);
    throw error;
  }
  throw new Error('The value was accepted.');
}

describe('toJsonValue', () => {
  it('converts what a host may hold', () => {
    class Gpu {
      readonly name = 'A100';
      readonly driver = undefined;
    }
    const plain = {
      number: 1e21,
      zero: -0,
      big: 123n,
      exact: new JsonNumber('1.50'),
      raw: new RawJson('{"a":[1e400]}'),
      date: new Date(0),
      map: new Map([['__proto__', [null, undefined, true]]]),
      gpu: new Gpu(),
      boxed: Object('x') as unknown,
      bytes: { toJSON: () => 'AAE=' },
    };
    expect(writeJson(toJsonValue(plain))).toBe(
      '{"number":1e+21,"zero":0,"big":123,"exact":1.50,"raw":{"a":[1e400]},"date":"1970-01-01T00:00:00.000Z",' +
        '"map":{"__proto__":[null,null,true]},"gpu":{"name":"A100"},"boxed":"x","bytes":"AAE="}',
    );
  });

  it('says of JSON values what JSON.stringify says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (plain) => {
        expect(writeJson(toJsonValue(plain))).toBe(JSON.stringify(plain));
      }),
    );
  });

  it('gives values that JSON.stringify writes as it writes the plain ones', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (plain) => {
        expect(JSON.stringify(toJsonValue(plain))).toBe(JSON.stringify(plain));
      }),
    );
    expect(JSON.stringify(toJsonValue(JSON.parse('{"__proto__":[1]}')))).toBe('{"__proto__":[1]}');
    expect(JSON.stringify([new JsonNumber('9007199254740993'), new JsonNumber('1e400')])).toBe(
      '[9007199254740992,null]',
    );
  });

  it('gives maps that are equal to others', () => {
    expect(toJsonValue({ a: { b: 'c' } })).toEqual(new Map([['a', new Map([['b', 'c']])]]));
    expect(toJsonValue({ a: { b: 'c' } })).not.toEqual(new Map([['a', new Map([['b', 'd']])]]));
  });

  it('allows the same object in two places', () => {
    const shared = { a: 1 };
    expect(writeJson(toJsonValue([shared, shared]))).toBe('[{"a":1},{"a":1}]');
  });

  it('lists every value that is no JSON, with its path', () => {
    const cycle: Record<string, unknown> = { ok: 1 };
    cycle['self'] = { back: cycle };
    expect(
      refused({
        nan: NaN,
        list: [1, { inf: -Infinity }],
        run: () => 1,
        symbol: Symbol('x'),
        set: new Set([1]),
        regexp: /x/,
        floats: new Float64Array(2),
        date: new Date(NaN),
        map: new Map<unknown, unknown>([[1, 2]]),
        number: new JsonNumber('0x10'),
        raw: new RawJson('{"a":}'),
        'a.b': '\0',
        '\ud800': 1,
        big: 10n ** 131_072n,
        cycle,
      }),
    ).toEqual([
      ['nan', 'not_finite'],
      ['list.1.inf', 'not_finite'],
      ['run', 'not_json'],
      ['symbol', 'not_json'],
      ['set', 'not_json'],
      ['regexp', 'not_json'],
      ['floats', 'not_json'],
      ['date', 'not_json'],
      ['map', 'not_json'],
      ['number', 'not_json'],
      ['raw.a', 'invalid_json'],
      ['"a.b"', 'nul_character'],
      ['\ud800', 'lone_surrogate'],
      ['big', 'number_out_of_range'],
      ['cycle.self.back', 'circular_reference'],
    ]);
    expect(refused(undefined)).toEqual([['', 'not_json']]);
  });

  it('refuses nesting deeper than asked for', () => {
    expect(() => toJsonValue([[{}]], { maxDepth: 3 })).not.toThrow();
    expect(() => toJsonValue([[{}]], { maxDepth: 2, at: ['metadata'] })).toThrow(
      'metadata.0.0: Objects and lists are nested deeper than 2. Flatten the value.',
    );
    expect(() => toJsonValue([new RawJson('[[]]')], { maxDepth: 2 })).toThrow(InvalidJsonError);
  });
});

describe('toPlain', () => {
  it('gives back what toJsonValue was given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (plain) => {
        expect(toPlain(toJsonValue(plain))).toEqual(JSON.parse(JSON.stringify(plain)));
      }),
    );
  });

  it.each([
    ['1.50', 1.5],
    ['1e3', 1000],
    ['-0', -0],
    ['0.1', 0.1],
    ['9007199254740992', 9007199254740992],
    ['1e308', 1e308],
  ])('makes %s a number', (text, number) => {
    expect(toPlain(new JsonNumber(text))).toBe(number);
  });

  it.each(['9007199254740993', '0.1000000000000000055', '1e400', '1e-400'])('keeps %s exact', (text) => {
    expect(toPlain(new JsonNumber(text))).toEqual(new JsonNumber(text));
  });

  it('makes __proto__ an ordinary member', () => {
    const plain = toPlain(new Map([['__proto__', new Map([['polluted', true]])]]));
    expect(Object.keys(plain as object)).toEqual(['__proto__']);
    expect((plain as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  });
});
