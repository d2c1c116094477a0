import { JsonNumber } from './json-value.js';
import { jsonText } from './json-text.js';
import { parseJson } from './parse-json.js';

describe('jsonText', () => {
  // The texts on the right are a server's.
  it.each([
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.50', '1.50'],
    ['1E-2', '0.01'],
    ['1.5e1', '15'],
    ['1.50e1', '15.0'],
    ['1.50e-1', '0.150'],
    ['123.456e1', '1234.56'],
    ['-12.5e-3', '-0.0125'],
    ['0.001e5', '100'],
    ['0.0015e2', '0.15'],
    ['-0', '0'],
    ['-0.0', '0.0'],
    ['-0e-3', '0.000'],
    ['-0.5', '-0.5'],
    ['0e5', '0'],
    ['0e-5', '0.00000'],
    ['0.00e1', '0.0'],
    ['1e000000003', '1000'],
    ['9007199254740993', '9007199254740993'],
  ])('prints %s as %s', (text, printed) => {
    expect(jsonText(new JsonNumber(text))).toBe(printed);
  });

  it('prints keys in storage order, with a space behind colons and commas', () => {
    const text = '{"bb":[1e1,{"é":null}],"c":true,"":{},"a":[],"😀":"\\u0001\\u007f\\/"}';
    expect(jsonText(parseJson(text))).toBe(
      '{"": {}, "a": [], "c": true, "bb": [10, {"é": null}], "😀": "\\u0001\u007f/"}',
    );
  });

  it('refuses to write out a number that PostgreSQL does not hold', () => {
    expect(() => jsonText(new JsonNumber('1e999999999999'))).toThrow(RangeError);
  });
});
