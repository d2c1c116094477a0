import fc from 'fast-check';
import { InvalidPathError } from './invalid-path.error.js';
import { formatPath, parsePath } from './path.js';

function refusal(text: string, place?: string): InvalidPathError {
  try {
    parsePath(text, place);
  } catch (error) {
    if (error instanceof InvalidPathError) return error;
    throw error;
  }
  throw new Error('The path was accepted.');
}

describe('formatPath', () => {
  it.each([
    [['hardware', 'gpu'], 'hardware.gpu'],
    [['lr.schedule', 'warmup'], '"lr.schedule".warmup'],
    [[''], '""'],
    [['', ''], '"".""'],
    [['a b'], '"a b"'],
    [['a\u00a0b'], '"a\u00a0b"'],
    [['a[0]'], '"a[0]"'],
    [['say "hi"'], '"say \\"hi\\""'],
    [['back\\slash'], 'back\\slash'],
    [['line\nbreak'], '"line\\nbreak"'],
    [['0', '__proto__', '😀', 'a-b_c:d/e{f}$'], '0.__proto__.😀.a-b_c:d/e{f}$'],
  ])('writes %j as %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });
});

describe('parsePath', () => {
  it('reads back every path that formatPath writes', () => {
    const special = fc.constantFrom('.', '"', '[', ']', ' ', '\\', '\n', '\\u0041', '', 'a');
    const segment = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      fc.array(special).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
      { numRuns: 2_000 },
    );
  });

  it('either refuses a text or reads it as a path that formatPath writes the same way again', () => {
    const soup = fc
      .array(fc.constantFrom('.', '"', '[', ' ', '\\', 'n', 'a', '\\"', '""'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(soup, (text) => {
        try {
          const path = parsePath(text);
          expect(parsePath(formatPath(path))).toEqual(path);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidPathError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts quotes and escapes where they are not needed', () => {
    expect(parsePath('"hardware"."g\\u0070u"')).toEqual(['hardware', 'gpu']);
  });

  it.each([
    ['', 1, 'a segment is missing. Write the empty key as ""'],
    ['a.', 3, 'a segment is missing'],
    ['.a', 1, 'a segment is missing'],
    ['a..b', 3, 'a segment is missing'],
    ['😀..b', 3, 'a segment is missing'],
    ['a.batch size', 8, 'the character " " needs quotes. Write the segment as a JSON string: "batch size"'],
    ['a[0]', 2, 'the character "[" needs quotes'],
    ['a"b', 2, 'the character "\\"" needs quotes. Write the segment as a JSON string: "a\\"b"'],
    ['"a', 1, 'the quoted segment does not end'],
    ['"a\\"', 1, 'the quoted segment does not end'],
    ['"a"b', 4, 'a dot must follow a quoted segment'],
    ['x."\\q"', 3, 'the quoted segment is no JSON string'],
    ['"\\u0000"', 1, 'the segment holds NUL or half a surrogate pair'],
    ['\ud800', 1, 'the segment holds NUL or half a surrogate pair'],
  ])('refuses %j at column %i', (text, column, reason) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: 'invalid_request', text, column });
    expect(error.reason).toContain(reason);
    expect(error.message).toContain(`at column ${column}, ${reason}`);
    expect(error.message).toContain('Examples: hardware.gpu, "lr.schedule".warmup');
    expect(error.problems).toEqual([{ path: text, code: 'invalid_path', message: error.message }]);
  });

  it('names the place in the request when it is told', () => {
    expect(refusal('a..b', 'filter.and.0.field').problems[0]?.path).toBe('filter.and.0.field');
  });

  it('answers a huge bad path briefly', () => {
    expect(refusal(`${'a'.repeat(1_000_000)} b`).message.length).toBeLessThan(400);
  });
});
