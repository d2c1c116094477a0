import fc from 'fast-check';
import { checkLimits } from './check-limits.js';
import { jsonText } from './json-text.js';
import { isJsonObject, type JsonObject } from './json-value.js';
import { DEFAULT_LIMITS, type MetadataLimits } from './metadata-limits.js';
import { parseJson } from './parse-json.js';

function documentOf(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('Not an object.');
  return value;
}

function check(text: string, limits: Partial<MetadataLimits> = {}) {
  return checkLimits(documentOf(text), { ...DEFAULT_LIMITS, ...limits });
}

/** Just the violation of one limit, set so low that it is always broken. */
const actualOf = (text: string, limit: keyof MetadataLimits) => check(text, { [limit]: -1 })[0]?.actual;

describe('checkLimits', () => {
  it('finds nothing in a document that just keeps every limit', () => {
    const document = JSON.stringify({
      ['k'.repeat(255)]: 'é'.repeat(8_192),
      list: Array(996).fill(0),
      deep: { 2: { 3: { 4: { 5: { 6: { 7: { 8: { 9: [1] } } } } } } } },
      a: {},
      b: [],
    });
    expect(check(document)).toEqual([]);
  });

  it('lists every violation with path, limit and actual', () => {
    const document = JSON.stringify({
      ['k'.repeat(256)]: 1,
      text: { long: 'é'.repeat(8_193) },
      list: Array(1_001).fill(0),
      a: { b: { c: { d: { e: { f: { g: { h: { i: { j: [{ k: 1 }] } } } } } } } } },
    });
    expect(check(document).map(({ path, code, limit, actual }) => [path, code, limit, actual])).toEqual([
      ['', 'too_many_values', 1_000, 1_004],
      ['k'.repeat(256), 'key_too_long', 255, 256],
      ['text.long', 'string_too_long', 16_384, 16_386],
      ['list', 'array_too_long', 1_000, 1_001],
      ['a.b.c.d.e.f.g.h.i.j', 'too_deep', 10, 12],
    ]);
  });

  it('says what to do', () => {
    expect(check('{"a":"xyz"}', { stringBytes: 2 })).toEqual([
      {
        path: 'a',
        code: 'string_too_long',
        message:
          'The string has 3 bytes, 2 are allowed. Shorten it, or store the text elsewhere and report where it is.',
        limit: 2,
        actual: 3,
      },
    ]);
  });

  it.each([
    ['{}', 2],
    ['{"a":1}', 8],
    ['{"a":1,"b":[1,2,null,true]}', 33],
    ['{"a":"é\\n\\u0001\\"\\\\"}', 23],
    ['{"a":1e3}', 11],
    ['{"a":1E-2}', 11],
    ['{"a":-1.50e1}', 12],
    ['{"a":-0}', 8],
    ['{"a":1e131071}', 131_079],
    ['{"a":1e-16383}', 16_392],
    ['{"é":{},"b":[]}', 19],
  ])('measures %s as PostgreSQL prints it', (text, bytes) => {
    expect(actualOf(text, 'documentBytes')).toBe(bytes);
  });

  it('measures every document as long as its text', () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
    fc.assert(
      fc.property(object, (plain) => {
        const text = JSON.stringify(plain);
        fc.pre(!text.includes('\\u0000'));
        const document = documentOf(text);
        const [problem] = checkLimits(document, { ...DEFAULT_LIMITS, documentBytes: -1 });
        expect(problem?.actual).toBe(Buffer.byteLength(jsonText(document)));
      }),
    );
  });

  it('measures a short text that PostgreSQL would blow up', () => {
    const document = `{"a":[${Array(900).fill('1e131071').join(',')}]}`;
    expect(check(document)).toMatchObject([
      { path: '', code: 'document_too_large', limit: 262_144, actual: 117_966_607 },
    ]);
  });

  it('says how deep a part goes', () => {
    expect(check('{"a":[[]]}', { depth: 1 })[0]?.message).toBe(
      'The document has 3 levels of objects and lists here, 1 are allowed. Flatten it.',
    );
  });

  it.each([
    ['{}', 1],
    ['{"a":1,"b":null,"c":"x","d":true}', 4],
    ['{"a":[1,2,[3]],"b":[],"c":{},"d":{"e":[{}]}}', 6],
  ])('counts the leaf values of %s', (text, values) => {
    expect(actualOf(text, 'leafValues')).toBe(values);
  });

  it('reports a part that is too deep once, beside what else is wrong in it', () => {
    const problems = check('{"a":{"b":[[1],["xyz"]]},"c":{"d":{}}}', { depth: 2, stringBytes: 2 });
    expect(problems.map(({ path, code, actual }) => [path, code, actual])).toEqual([
      ['a.b.1.0', 'string_too_long', 3],
      ['a.b', 'too_deep', 4],
      ['c.d', 'too_deep', 3],
    ]);
  });

  it('puts the place of the document in front of each path', () => {
    const problems = checkLimits(
      documentOf('{"a":"xyz"}'),
      { ...DEFAULT_LIMITS, stringBytes: 2, documentBytes: 1 },
      ['reports', '3', 'metadata'],
    );
    expect(problems.map(({ path }) => path)).toEqual(['reports.3.metadata', 'reports.3.metadata.a']);
  });

  it('answers a hostile document briefly', () => {
    const document = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`${i}${'k'.repeat(10_000)}`, 1]),
    );
    const problems = check(JSON.stringify(document));
    expect(problems).toHaveLength(102);
    expect(problems.at(-1)).toMatchObject({ path: '', code: 'more_problems', actual: 400 });
    expect(JSON.stringify(problems).length).toBeLessThan(30_000);
  });
});
