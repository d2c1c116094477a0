import { JsonNumber, type JsonValue } from '../../document/index.js';
import type { Filter } from '../filter.js';
import { lookUpPays } from './look-up-pays.js';
import type { Operator } from '../operators.js';
import { identifier } from '../sql.js';

const on = (operator: Operator, ...operands: JsonValue[]): Filter => ({
  kind: 'condition',
  field: { kind: 'metadata', path: ['note'] },
  operator,
  operands,
});
const text = on('contains', 'A100 mini');
const value = on('is', 'x');
const missing = on('isMissing');
const and = (...filters: Filter[]): Filter => ({ kind: 'and', filters });
const or = (...filters: Filter[]): Filter => ({ kind: 'or', filters });

const tables = { metadata: identifier('we"ird', 'trial_metadata') };
const worthOf = (filter: Filter, texts = true, fieldTexts = new Map<string, readonly string[]>()) =>
  lookUpPays({ filter, tables, indexes: { fields: new Map(), texts, fieldTexts } });
const sqlOf = (filter: Filter) => worthOf(filter)?.pays.toPositional();

describe('whether a look-up pays', () => {
  it.each([
    ['nothing can be looked up', missing],
    ['part of an or cannot', or(text, missing)],
    ['a text has no three letters or digits in a row', on('contains', 'a b-cd')],
    ['numbers may hold the text too', on('contains', '2024')],
    ['the operand is no text', on('contains', new JsonNumber('2024'))],
  ])('is not asked where %s', (_, filter) => {
    expect(worthOf(filter)).toBeUndefined();
  });

  it('is not asked of texts where they have no index', () => {
    expect(worthOf(text, false)).toBeUndefined();
    expect(worthOf(and(text, value), false)).toMatchObject({ byText: false });
  });

  it('tells texts from values, whatever an or that is given up asks for', () => {
    expect(worthOf(text)?.byText).toBe(true);
    expect(worthOf(and(text, value))?.byText).toBe(true);
    expect(worthOf(value)?.byText).toBe(false);
    expect(worthOf(and(or(text, missing), value))?.byText).toBe(false);
  });

  it('tests a sample for the trigrams of a text, in any order', () => {
    const asked = sqlOf(text);
    expect(asked?.values).toEqual([['%a10%', '%100%', '%min%', '%ini%']]);
    expect(asked?.text).toContain('"trial_metadata"."texts" LIKE ALL ($1::text[])');
    expect(asked?.text).toContain(`FROM "we""ird"."trial_metadata" AS "trial_metadata" TABLESAMPLE SYSTEM`);
    expect(asked?.text).toContain(`'"we""ird"."trial_metadata"'::text::regclass`);
  });

  it('folds the texts of a document once, however many conditions ask for them', () => {
    const many = or(...Array.from({ length: 20 }, (_, index) => on('contains', `word${index}`)));
    expect(sqlOf(many)?.text.split('und-x-icu')).toHaveLength(2);
  });

  describe('with an index on the texts of the field', () => {
    const own = new Map([['note', ['note']]]);
    const patternsOf = (filter: Filter) => worthOf(filter, true, own)?.pays.toPositional().values;

    it.each([
      ['two letters', on('contains', 'zQ'), ['%7a7%', '%a71%']],
      ['a letter beyond ASCII', on('contains', 'Ź'), ['%c5b%', '%5ba%']],
      ['a word', on('contains', 'MiniA'), ['%min%', '%ini%', '%nia%']],
      ['a word of which some letters are', on('contains', 'Ź4min'), ['%4mi%', '%min%', '%c5b%', '%5ba%', '%ba3%', '%a34%', '%346%', '%46d%', '%6d6%', '%d69%', '%696%', '%96e%']], // prettier-ignore
      ['words, with what stands between them', on('contains', 'b-1 x_y.z/c'), ['%bx1%', '%x1q%', '%1qx%', '%qxz%', '%xzy%', '%zyj%', '%yjz%', '%jzx%', '%zxc%']], // prettier-ignore
      ['digits', on('contains', '17'), ['%313%', '%137%']],
      ['a whole number', on('contains', new JsonNumber('17')), ['%313%', '%137%']],
      ['a letter at the start, behind the quotation mark', on('startsWith', 'z'), ['%227%', '%27a%']],
    ])('is asked for %s', (_, filter, patterns) => {
      expect(worthOf(filter, true, own)?.byText).toBe(true);
      expect(patternsOf(filter)).toEqual([patterns]);
    });

    it('reads the texts of all fields for those alone that have no index of their own', () => {
      const all = 'AS "texts"';
      expect(worthOf(text, true, own)?.pays.toPositional().text).not.toContain(all);
      const other: Filter = { kind: 'condition', field: { kind: 'metadata', path: ['tag'] }, operator: 'contains', operands: ['mini'] }; // prettier-ignore
      expect(worthOf(and(text, other), true, own)?.pays.toPositional().text).toContain(all);
    });

    it('is asked for the beginning of the bytes of a long text, in whole characters', () => {
      expect(patternsOf(on('contains', `${'ab '.repeat(7)}a € ur`))).toEqual([
        [
          ...['%abq%', '%bqa%', '%qab%', '%qaq%', '%qur%'],
          ...['%616%', '%162%', '%627%', '%271%', '%716%', '%161%', '%617%', '%171%'],
        ],
      ]);
    });

    it.each([
      ['one letter', on('contains', 'z')],
      ['the sign of Kelvin, which folds to one', on('contains', '\u212a')],
      ['a number that others are equal to with fewer digits', on('contains', new JsonNumber('1.50'))],
      ['a list', on('contains', ['zq'])],
    ])('is not asked for %s', (_, filter) => {
      expect(worthOf(filter, true, own)).toBeUndefined();
    });
  });
});
