import fc from 'fast-check';
import { JsonNumber, RawJson } from './json-value.js';
import { parseJson } from './parse-json.js';
import { writeJson } from './write-json.js';

describe('writeJson', () => {
  it('writes what JSON.stringify writes', () => {
    const strings = fc.string({ unit: fc.integer({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
    const values = fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), strings, fc.dictionary(strings, strings));
    fc.assert(
      fc.property(values, (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives back what parseJson read', () => {
    const text = '{"b":[1.50,1e400,-0,{"__proto__":{"":null}}],"a":"\\u001f😀","10":true}';
    expect(writeJson(parseJson(text))).toBe(text);
  });

  it('writes raw JSON, exact numbers, maps, dates and bigint inside plain objects', () => {
    const value = {
      id: 1,
      big: 9007199254740993n,
      exact: new JsonNumber('1.50'),
      metadata: new RawJson('{"a": 1}'),
      map: new Map<string, unknown>([
        ['__proto__', 1],
        ['left out', undefined],
      ]),
      at: new Date(0),
      missing: undefined,
      list: [undefined, null],
    };
    expect(writeJson(value)).toBe(
      '{"id":1,"big":9007199254740993,"exact":1.50,"metadata":{"a": 1},"map":{"__proto__":1},"at":"1970-01-01T00:00:00.000Z","list":[null,null]}',
    );
  });

  it('writes own members of instances, and honours toJSON', () => {
    class Trial {
      readonly id = 7;
      get label(): string {
        return 'not an own member';
      }
    }
    class Duration {
      toJSON(): unknown {
        return { seconds: 5 };
      }
    }
    expect(writeJson({ trial: new Trial(), duration: new Duration() })).toBe(
      '{"trial":{"id":7},"duration":{"seconds":5}}',
    );
  });

  it('keeps the digits of what JSON.stringify would round', () => {
    const text = '{"list":[9007199254740993,{"half":0.50}]}';
    expect(writeJson(parseJson(text))).toBe(text);
    expect(writeJson(new RawJson(text))).toBe(text);
    expect(JSON.stringify([parseJson(text), new RawJson(text)])).toBe(
      '[{"list":[9007199254740992,{"half":0.5}]},{"list":[9007199254740992,{"half":0.5}]}]',
    );
  });

  it('writes __proto__ of an object as an ordinary member', () => {
    expect(writeJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  it.each([
    ['NaN', NaN],
    ['infinity', { a: [Infinity] }],
    ['a function', { a: () => 1 }],
    ['a symbol', [Symbol('a')]],
    ['undefined alone', undefined],
    ['a map with a key that is no string', new Map([[1, 1]])],
  ])('throws a TypeError for %s', (_name, value) => {
    expect(() => writeJson(value)).toThrow(TypeError);
  });

  it('throws for a cycle instead of exhausting the stack', () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(() => writeJson(cycle)).toThrow(new TypeError('Nested deeper than 1000: probably a cycle.'));
  });
});
