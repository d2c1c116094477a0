import fc from 'fast-check';
import { timesAsLong } from '../../../test/support/times-as-long.js';
import { InvalidJsonError } from './invalid-json.error.js';
import { JsonNumber } from './json-value.js';
import { parseJson, type ParseJsonOptions } from './parse-json.js';
import { toPlain } from './to-plain.js';
import { writeJson } from './write-json.js';

function refusal(input: string | Uint8Array, options?: ParseJsonOptions): InvalidJsonError {
  try {
    parseJson(input, options);
  } catch (error) {
    if (error instanceof InvalidJsonError) return error;
    throw error;
  }
  throw new Error('The text was accepted.');
}

const codesOf = (input: string | Uint8Array) => refusal(input).problems.map(({ code }) => code);
const firstOf = (input: string | Uint8Array) => refusal(input).problems[0]!;

describe('parseJson', () => {
  it('reads every type of value', () => {
    const text = ' {"a" : [null, true, false, "x", 1.50, [], {}] }\r\n\t';
    expect(parseJson(text)).toEqual(
      new Map([['a', [null, true, false, 'x', new JsonNumber('1.50'), [], new Map()]]]),
    );
  });

  it.each(['9007199254740993', '1e400', '0.1000000000000000055', '-0', '1E+2', '1.50', '-12.5e-3'])(
    'keeps every digit of %s',
    (text) => {
      expect(parseJson(text)).toEqual(new JsonNumber(text));
    },
  );

  it('keeps __proto__, constructor, the empty key and the order of keys', () => {
    const text = '{"__proto__":1,"constructor":2,"":3,"10":4,"9":5}';
    const value = parseJson(text);
    expect(value).toBeInstanceOf(Map);
    expect(writeJson(value)).toBe(text);
  });

  it('reads every escape', () => {
    expect(parseJson(String.raw`"\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00"`)).toBe('"\\/\b\f\n\r\té😀');
  });

  it('reads UTF-8 bytes as it reads text', () => {
    const text = '{"ключ":"日本 😀 \uFFFD \uFEFF"}';
    expect(parseJson(Buffer.from(text))).toEqual(parseJson(text));
  });

  it('accepts what JSON.parse accepts, and nothing else', () => {
    const token = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        '"a"',
        '"b"',
        '\\',
        '\\u00e9',
        '0',
        '1',
        '-',
        '.',
        '.5',
        'e',
        'e+3',
      ],
      ...['true', 'false', 'null', 'nul', ' ', '\n', '\t', '\u00a0', '"\\x"', 'NaN', '/', "'"],
    );
    const soup = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''));
    const broken = fc
      .tuple(fc.json(), fc.nat(), token)
      .map(
        ([text, at, part]) =>
          text.slice(0, at % (text.length + 1)) + part + text.slice(at % (text.length + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(soup, broken, fc.json()), (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(codesOf(text)).toContain('invalid_json');
          return;
        }
        try {
          expect(JSON.parse(writeJson(parseJson(text)))).toEqual(expected);
        } catch (error) {
          if (!(error instanceof InvalidJsonError)) throw error;
          expect(error.problems.map(({ code }) => code)).not.toContain('invalid_json');
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives back what writeJson wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (plain) => {
        expect(toPlain(parseJson(JSON.stringify(plain)))).toEqual(JSON.parse(JSON.stringify(plain)));
      }),
    );
  });
});

describe('parseJson refuses', () => {
  it.each([
    ['', 'Expected a value but found the end of the text at line 1, column 1. The text was cut off'],
    ['{"a":1,}', 'A comma stands before "}" at line 1, column 8. Remove the comma.'],
    ['[1,2,]', 'A comma stands before "]" at line 1, column 6.'],
    ['{"a":NaN}', 'found "NaN" at line 1, column 6. JSON has no such number'],
    ['{"a":-Infinity}', 'Expected a digit but found "Infinity"'],
    ['{"a":True}', 'found "True" at line 1, column 6. Write true, false or null.'],
    ['nullify', 'The JSON has ended, but "ify" follows at line 1, column 5. Send one JSON value.'],
    ["{'a':1}", `Expected a key but found "'" at line 1, column 2. Write the key in double quotes.`],
    ['{a:1}', 'Expected a key but found "a"'],
    ['{"a" 1}', 'Expected a colon but found "1"'],
    ['["a" "b"]', 'Expected a comma or "]" but found "\\"" at line 1, column 6.'],
    ['{"a":1', 'Expected a comma or "}" but found the end of the text at line 1, column 7.'],
    ['"abc', 'A string begins but does not end at line 1, column 1.'],
    ['"abc\\', 'A string begins but does not end at line 1, column 1.'],
    ['"\\x41"', 'An escape in a string is none of JSON at line 1, column 2.'],
    ['"ab\\n\\u00g1"', 'An escape in a string is none of JSON at line 1, column 6.'],
    [
      '"a\nb"',
      'A control character stands unescaped in a string at line 1, column 3. Write a line break as \\n',
    ],
    ['01', 'A number begins with 0 at line 1, column 1.'],
    ['1.', 'Expected a digit but found the end of the text at line 1, column 3.'],
    ['.5', 'Expected a value but found "." at line 1, column 1. Write numbers such as -1, 0.5 and 1e-3.'],
    ['+1', 'Write numbers such as'],
    ['1e+', 'Expected a digit'],
    ['// x', 'JSON has no comments'],
    ['😀', 'Expected a value but found "😀"'],
  ])('%j and says what to do', (text, message) => {
    expect(codesOf(text)).toEqual(['invalid_json']);
    expect(firstOf(text).message).toContain(message);
  });

  it('an error with its path, line and column', () => {
    expect(refusal('{\r\n "a": {"b.c": [1,\n\t"😀" x]}}').problems).toEqual([
      {
        path: 'a."b.c"',
        code: 'invalid_json',
        message:
          'Expected a comma or "]" but found "x" at line 3, column 6. Separate with commas and close with ].',
      },
    ]);
  });

  it('every duplicate key, NUL, lone surrogate and number out of range at once', () => {
    const text = String.raw`{"a":1,"b":{"a":2,"c":"\u0000","d":["\ud800",1e131072]},"a":3,"\udc00":"\ud83d\ude00"}`;
    const { problems, message } = refusal(text);
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['b.c', 'nul_character'],
      ['b.d.0', 'lone_surrogate'],
      ['b.d.1', 'number_out_of_range'],
      ['a', 'duplicate_key'],
      ['\udc00', 'lone_surrogate'],
    ]);
    expect(message).toContain('a: The key is given a second time at line 1, column 57. Keep one of the two.');
  });

  it('faults of meaning together with the first error of syntax', () => {
    expect(codesOf('{"a":1,"a":2,"b":}')).toEqual(['duplicate_key', 'invalid_json']);
  });

  it('raw NUL and raw lone surrogates', () => {
    expect(codesOf('["a\0b\\n","\ud800","\ude00\ud83d"]')).toEqual([
      'nul_character',
      'lone_surrogate',
      'lone_surrogate',
    ]);
  });

  it('a byte order mark, in text and in bytes', () => {
    expect(codesOf('\uFEFF{}')).toEqual(['byte_order_mark']);
    expect(codesOf(Buffer.from('\uFEFF{}'))).toEqual(['byte_order_mark']);
  });

  it.each([
    ['a lone continuation', [0x80], 3],
    ['a truncated sequence', [0xe2, 0x82], 3],
    ['an overlong form', [0xc0, 0xaf], 3],
    ['an overlong form of three bytes', [0xe0, 0x80, 0x80], 3],
    ['a surrogate', [0xed, 0xa0, 0x80], 3],
    ['a code point too large', [0xf4, 0x90, 0x80, 0x80], 3],
    ['0xff after a good character', [0xc3, 0xa9, 0xff], 5],
  ])('%s in UTF-8, naming the byte', (_name, bytes, offset) => {
    const input = Buffer.concat([Buffer.from('["\n'), Buffer.from(bytes), Buffer.from('"]')]);
    expect(firstOf(input)).toMatchObject({ path: '', code: 'invalid_utf8', actual: offset });
    expect(firstOf(input).message).toContain(`offset ${offset} (line 2, column ${offset === 3 ? 1 : 2})`);
  });

  it('nesting deeper than asked for', () => {
    expect(parseJson('[[{}]]', { maxDepth: 3 })).toEqual([[new Map()]]);
    expect(refusal('[[{"a":[]}]]', { maxDepth: 3 }).problems).toMatchObject([
      { path: '0.0.a', code: 'nested_too_deep' },
    ]);
    expect(() => parseJson('['.repeat(64) + ']'.repeat(64))).not.toThrow();
    expect(codesOf('['.repeat(65) + ']'.repeat(65))).toEqual(['nested_too_deep']);
  });

  it.each([
    ['9'.repeat(131_072), true],
    ['9'.repeat(131_073), false],
    ['1e131071', true],
    ['1e131072', false],
    ['0.01e131073', true],
    ['0.01e131074', false],
    [`0.${'9'.repeat(16_383)}`, true],
    [`0.${'9'.repeat(16_384)}`, false],
    [`1.${'0'.repeat(16_384)}`, false],
    [`1.${'0'.repeat(20_000)}e5000`, true],
    ['1e-16383', true],
    ['1e-16384', false],
    ['0e999999', true],
    ['0e-16384', false],
    ['1e999999999999', false],
    [`1e${'9'.repeat(400)}`, false],
    [`1e-${'9'.repeat(400)}`, false],
    [`0e${'9'.repeat(400)}`, false],
    [`1e${'0'.repeat(400)}3`, true],
  ])('numbers beyond numeric and no others (case %#)', (text, accepted) => {
    if (accepted) expect(parseJson(text)).toEqual(new JsonNumber(text));
    else expect(codesOf(text)).toEqual(['number_out_of_range']);
  });

  it('with the place of the text in front of each path', () => {
    const { problems } = refusal('{"a":1,"a":2}', { at: ['reports', '3'] });
    expect(problems[0]?.path).toBe('reports.3.a');
  });

  it('a hostile text with a short answer', () => {
    const long = 'k'.repeat(10_000);
    const members = Array.from({ length: 5_000 }, () => `"${long.slice(0, 1_000)}":1`).join(',');
    const { problems, message } = refusal(`{"${long}":{${members}}}`);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ path: '', code: 'more_problems', actual: 4_899 });
    expect(problems[0]?.path).toBe(`${'k'.repeat(60)}….${'k'.repeat(60)}…`);
    expect(message.length).toBeLessThan(30_000);
  });

  it.each<[name: string, length: number, textOf: (length: number) => string]>([
    ['100,000 brackets', 100_000, (length) => '['.repeat(length)],
    ['a string of 10 MB without an end', 10_000_000, (length) => `"${'x'.repeat(length)}`],
    ['a string of 10 MB of bad escapes', 5_000_000, (length) => `"${'\\n'.repeat(length)}\\x"`],
    ['a number of 10 MB', 10_000_000, (length) => '9'.repeat(length)],
    ['an exponent of 10 MB', 10_000_000, (length) => `1e${'9'.repeat(length)}`],
    ['10 MB of line breaks', 10_000_000, (length) => `${'\n'.repeat(length)}x`],
    ['a million duplicate keys', 1_000_000, (length) => `{${Array(length).fill('"a":1').join(',')}}`],
  ])('%s in time linear in the text', async (_name, length, textOf) => {
    const [short, long] = [textOf(length / 20), textOf(length)];
    // Quadratic work would take 400 times as long.
    expect(
      await timesAsLong(
        () => refusal(long),
        () => refusal(short),
      ),
    ).toBeLessThan(100);
  });
});
