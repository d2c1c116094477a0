import { QueryFailedError } from 'typeorm';
import { describeError, framesOf } from './describe-error.js';

const SECRET = 'secret-of-the-metadata';

describe('describeError', () => {
  it('tells of an error of the database its code and statement, but no value and no message', () => {
    const driverError = Object.assign(new Error(`invalid input syntax: "${SECRET}"`), { code: '22P02' });
    const described = describeError(new QueryFailedError('SELECT $1::bigint', [SECRET], driverError));
    expect(described).toMatchObject({ type: 'QueryFailedError', code: '22P02', query: 'SELECT $1::bigint' });
    expect(JSON.stringify(described)).not.toContain(SECRET);
  });

  it('takes of a named statement the text alone', () => {
    const query = { name: 'n', text: 'SELECT $1', values: [SECRET] } as unknown as string; // as `pg` takes it
    const described = describeError(new QueryFailedError(query, [SECRET], new Error(SECRET)));
    expect(described.query).toBe('SELECT $1');
    expect(JSON.stringify(described)).not.toContain(SECRET);
  });

  it('tells message and stack of any other error', () => {
    const described = describeError(new TypeError('x is not a function'));
    expect(described).toMatchObject({ type: 'TypeError', message: 'x is not a function' });
    expect(described.stack).toMatch(/^at /);
  });

  it('describes what is no error', () => {
    expect(describeError('text')).toEqual({ type: 'string', message: 'text' });
    expect(describeError(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
  });
});

describe('framesOf', () => {
  it('leaves the message out, however many lines it has', () => {
    expect(framesOf(`Error: ${SECRET}\nmore ${SECRET}\n    at a (b.js:1:2)\n    at c.js:3:4`)).toBe(
      'at a (b.js:1:2)\nat c.js:3:4',
    );
    expect(framesOf('no stack')).toBe('');
  });
});
