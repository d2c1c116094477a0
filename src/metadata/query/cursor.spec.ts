import { InvalidRequestError } from '../metadata.errors.js';
import { CursorCodec } from './cursor.js';
import type { PageEnd } from './compile-sort.js';

const END: PageEnd = { values: ['0.1000000000000000055', null, '"😀"', '', 'null'], id: '9007199254740993' };
const codec = new CursorCodec('secret');

function refusal(cursor: string, query = 'query', reader = codec): InvalidRequestError {
  try {
    reader.decode(cursor, query);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  throw new Error(`The cursor was taken: ${cursor}`);
}

test('reads back what it wrote, with another codec of the same secret too', () => {
  expect(codec.decode(codec.encode(END, 'query'), 'query')).toEqual(END);
  expect(new CursorCodec('secret').decode(codec.encode(END, 'query'), 'query')).toEqual(END);
});

test('goes into a URL as it stands, and shows nothing of the values in it', () => {
  const cursor = codec.encode({ values: ['confidential'], id: '5' }, 'query');
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('confidential');
  expect(cursor).not.toBe(codec.encode({ values: ['confidential'], id: '5' }, 'query'));
});

test('a cursor with any one character changed is refused, and the answer says what to do', () => {
  const cursor = codec.encode(END, 'query');
  for (let index = 0; index < cursor.length; index++) {
    const other = cursor[index] === 'A' ? 'B' : 'A';
    refusal(cursor.slice(0, index) + other + cursor.slice(index + 1));
  }
  expect(refusal(`${cursor}A`).problems).toEqual([
    {
      path: 'after',
      code: 'invalid_cursor',
      message:
        'This is no cursor of this query. Pass `next` of the page before, with the same filter and sort; or leave it out to start at the first page.',
    },
  ]);
});

test.each(['', 'A', 'null', '0', '-1', '../../etc/passwd', "' OR 1=1; --", 'e30', '=', '😀', 'A'.repeat(100), 'A'.repeat(1_000_000)])(
  'what is no cursor is refused (%#)',
  (text) => {
    expect(refusal(text).code).toBe('invalid_request');
  },
); // prettier-ignore

test('a cursor of another query, of another secret or of another process is refused', () => {
  const cursor = codec.encode(END, 'query');
  refusal(cursor, 'another query');
  refusal(cursor, 'query', new CursorCodec('another secret'));
  refusal(new CursorCodec().encode(END, 'query'), 'query', new CursorCodec());
});

test('a cursor padded or spelt otherwise is not the one that was given', () => {
  const cursor = codec.encode(END, 'query');
  refusal(`${cursor}==`);
  refusal(` ${cursor}`);
  refusal(cursor.slice(0, -1));
});
