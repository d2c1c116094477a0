import { bind, identifier, joinSql, Sql, sql, trustedSql } from './sql.js';

describe('sql', () => {
  test('numbers the values in the order in which they stand', () => {
    const piece = sql`${identifier('a')} = ${bind(1, 'bigint')} OR ${identifier('b')} = ${bind('x', 'text')}`;
    expect(piece.toPositional()).toEqual({ text: '"a" = $1::bigint OR "b" = $2::text', values: [1, 'x'] });
    expect(piece.toPositional(3).text).toBe('"a" = $4::bigint OR "b" = $5::text');
    expect(piece.toNamed('p')).toEqual({
      text: '"a" = :p_0::bigint OR "b" = :p_1::text',
      parameters: { p_0: 1, p_1: 'x' },
    });
  });

  test('a piece used twice keeps its parameters; equal values bound apart are two', () => {
    const value = sql`m -> ${bind('key', 'text')}`;
    const piece = sql`${value} = ${bind('key', 'text')} AND ${value} > ${bind(0, 'numeric')}`;
    expect(piece.toPositional()).toEqual({
      text: 'm -> $1::text = $2::text AND m -> $1::text > $3::numeric',
      values: ['key', 'key', 0],
    });
    expect(piece.toNamed('p').parameters).toEqual({ p_0: 'key', p_1: 'key', p_2: 0 });
  });

  test('a bare value does not get into the text: it throws, and says what to do', () => {
    const input = "'; DROP TABLE trials; --";
    for (const value of [input, 1, null, undefined, { chunks: [input], bindings: [] }, [input]]) {
      expect(() => sql`SELECT ${value as unknown as Sql}`).toThrow(
        'Piece 1 of an SQL template is not SQL: bind the value with bind(value, type).',
      );
    }
  });

  test('an identifier is quoted, its double quotes too', () => {
    expect(identifier('public', 'a"b; --').toPositional().text).toBe('"public"."a""b; --"');
  });

  test('joins pieces with a separator, and nothing to what is asked for', () => {
    const pieces = [bind(1, 'bigint'), trustedSql('x'), bind(2, 'bigint')];
    expect(joinSql(pieces, ', ').toPositional()).toEqual({
      text: '$1::bigint, x, $2::bigint',
      values: [1, 2],
    });
    expect(joinSql([], ', ', trustedSql('none')).toPositional()).toEqual({ text: 'none', values: [] });
  });

  test('takes a quarter of a million values', () => {
    const many = joinSql(
      Array.from({ length: 250_000 }, (_, index) => bind(index, 'bigint')),
      ', ',
    );
    expect(sql`SELECT ${many}`.toPositional().values).toHaveLength(250_000);
  });
});
