import { JsonNumber } from '../document/index.js';
import { InvalidRequestError, TrialNotFoundError } from '../metadata.errors.js';
import { parseTrialId } from './trial-id.js';

describe('parseTrialId', () => {
  it.each([
    ['1', 'bigint', 1],
    ['9007199254740991', 'bigint', 9007199254740991],
    [7, 'bigint', 7],
    [new JsonNumber('7'), 'integer', 7],
    ['2147483647', 'integer', 2147483647],
    ['0B5C1C2E-1111-4222-8333-444455556666', 'uuid', '0b5c1c2e-1111-4222-8333-444455556666'],
  ] as const)('reads %s as a %s', (input, type, id) => {
    expect(parseTrialId(input, type)).toBe(id);
  });

  it.each(
    [
      '',
      '0',
      '-1',
      '+1',
      ' 1',
      '1.0',
      '01',
      '1e3',
      '9007199254740992',
      'abc',
      '١',
      null,
      undefined,
      true,
      {},
      [1],
      1.5,
      Number.NaN,
      Infinity,
      2 ** 53,
    ].map((input) => [input] as const),
  )('refuses %j as a number, naming the place', (input) => {
    for (const type of ['integer', 'bigint'] as const) {
      expect(() => parseTrialId(input, type, 'reports[0].trialId')).toThrow(InvalidRequestError);
      expect(() => parseTrialId(input, type, 'reports[0].trialId')).toThrow(
        /^reports\[0\]\.trialId: A trial id is/,
      );
    }
  });

  it.each(['1', '0b5c1c2e11114222833344445555666', 'g0000000-1111-4222-8333-444455556666', 1])(
    'refuses %j as a UUID',
    (input) => {
      expect(() => parseTrialId(input, 'uuid')).toThrow(InvalidRequestError);
    },
  );

  it('tells that no trial has a number that its column cannot hold', () => {
    expect(() => parseTrialId('2147483648', 'integer')).toThrow(TrialNotFoundError);
  });

  it('shows no more than the beginning of a long one', () => {
    expect(() => parseTrialId('x'.repeat(10_000), 'bigint')).toThrow(/^.{1,250}$/);
  });
});
