import { isRefusal } from './sql-state.js';

describe('isRefusal', () => {
  it.each(['23514', '22P05', '40P01', '42501', '54000', '57014', '0A000', 'P0001', 'TR001'])(
    '%s: nothing of the statement was done',
    (code) => expect(isRefusal({ code })).toBe(true),
  );

  it.each(['08006', '53300', '57P01', '58030', 'XX000', 'EPIPE', 'ECONNRESET', '', undefined])(
    '%p: another statement would end the same way, or it is not known what was done',
    (code) => expect(isRefusal({ code })).toBe(false),
  );

  it('is not told of what is no error of PostgreSQL', () => {
    expect(isRefusal(new Error('the connection was closed'))).toBe(false);
    expect(isRefusal(undefined)).toBe(false);
  });
});
