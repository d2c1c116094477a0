import type { JsonValue } from './json-value.js';
import { parseJson } from './parse-json.js';
import { csvHeader, csvRecord } from './write-csv.js';

function cell(json: string): string {
  return csvRecord([parseJson(json)]).slice(0, -2);
}

describe('csvRecord', () => {
  it('joins cells with commas and ends with CRLF', () => {
    expect(csvRecord([true, 'a', null])).toBe('true,"a",null\r\n');
  });

  it.each<[string, JsonValue | undefined, string]>([
    ['a missing value is empty', undefined, ''],
    ['null is a word', null, 'null'],
    ['an empty string is in quotes', '', '""'],
    ['the string "null" is in quotes', 'null', '"null"'],
    ['a string of digits is in quotes', '8', '"8"'],
    ['a comma stays', 'a,b', '"a,b"'],
    ['a quote is doubled', 'say "hi"', '"say ""hi"""'],
    ['a line break stays', 'one\r\ntwo', '"one\r\ntwo"'],
    ['any Unicode stays', 'naïve 😀', '"naïve 😀"'],
  ])('%s', (_, value, expected) => {
    expect(csvRecord([value])).toBe(`${expected}\r\n`);
  });

  it.each(['-5', '9007199254740993', '1e400', '0.1000000000000000055', 'true', 'false'])(
    'writes %s as it is',
    (json) => {
      expect(cell(json)).toBe(json);
    },
  );

  it.each(['=1+1', '+1', '-5', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])(
    'puts an apostrophe before the string %j',
    (text) => {
      expect(csvRecord([text])).toBe(`"'${text}"\r\n`);
    },
  );

  it.each(['a=1', ' =1', '1-5', "'=1"])('leaves the string %j alone', (text) => {
    expect(csvRecord([text])).toBe(`"${text}"\r\n`);
  });

  it('writes lists and objects as JSON text', () => {
    expect(cell('["a",1.50,null]')).toBe('"[""a"",1.50,null]"');
    expect(cell('{"__proto__": {}}')).toBe('"{""__proto__"":{}}"');
  });
});

describe('csvHeader', () => {
  it('quotes a name only where it must', () => {
    expect(csvHeader(['id', 'metadata.a', 'metadata."lr.schedule"', 'metadata."a,b"'])).toBe(
      'id,metadata.a,"metadata.""lr.schedule""","metadata.""a,b"""\r\n',
    );
  });
});
