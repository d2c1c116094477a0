import { InvalidArgumentError } from './determined.errors.js';
import { formatFlatKey, formatMetadataColumn, parseFlatKey, parseMetadataColumn } from './flat-key.js';

describe('flat keys', () => {
  it.each([
    [['a'], 'a'],
    [['hardware', 'gpu'], 'hardware.gpu'],
    [['with space', 'and[brackets]'], 'with space.and[brackets]'],
    [['in "the" middle'], 'in "the" middle'],
    [['lr.schedule', 'warmup'], '"lr.schedule".warmup'],
    [['a', ''], 'a.""'],
    [['"quoted"'], '"\\"quoted\\""'],
    [['a,b', 'c=d'], '"a,b"."c=d"'],
    [['__proto__', '0', '😀'], '__proto__.0.😀'],
  ])('writes %j as %s and reads it back', (path, text) => {
    expect(formatFlatKey(path)).toBe(text);
    expect(parseFlatKey(text)).toEqual(path);
  });

  it.each([
    ['"open', ['"open']],
    ['"a"b.c', ['"a"b', 'c']],
    ['"\\x".c', ['"\\x"', 'c']],
    ['a..b', ['a', '', 'b']],
    ['', ['']],
    ['.', ['', '']],
  ])('takes every text for a path: %s', (text, path) => {
    expect(parseFlatKey(text)).toEqual(path);
  });

  it.each(['a\0b', '"\\u0000"', 'a."\\ud800"'])('refuses what no key can hold: %j', (text) => {
    expect(() => parseFlatKey(text)).toThrow(InvalidArgumentError);
  });

  it('refuses paths that are longer than any query may name', () => {
    expect(parseFlatKey(Array(64).fill('a').join('.'))).toHaveLength(64);
    expect(() => parseFlatKey(Array(65).fill('a').join('.'))).toThrow('more than 64 segments');
    expect(() => parseFlatKey('a'.repeat(1001))).toThrow('more than 1000 characters');
  });

  it('names a column with its prefix and reads it with or without', () => {
    expect(formatMetadataColumn(['a', 'b'])).toBe('metadata.a.b');
    expect(parseMetadataColumn('metadata.a.b')).toEqual(['a', 'b']);
    expect(parseMetadataColumn('a.b')).toEqual(['a', 'b']);
    expect(parseMetadataColumn('metadata.metadata.b')).toEqual(['metadata', 'b']);
  });
});
