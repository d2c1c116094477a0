import { EVERYTHING, formatFilter, toPlain, writeJson, type PlainJson } from '../../metadata/index.js';
import { parseRunFilter } from './parse-run-filter.js';

const field = (members: object): object => ({
  kind: 'field',
  columnName: 'metadata.a.b',
  location: 'LOCATION_TYPE_RUN_METADATA',
  type: 'COLUMN_TYPE_TEXT',
  ...members,
});
const group = (conjunction: string, ...children: readonly object[]): object => ({
  kind: 'group',
  conjunction,
  children,
});
const read = (node: object): PlainJson => {
  const { filter } = parseRunFilter(JSON.stringify({ filterGroup: node, showArchived: false }));
  return toPlain(formatFilter(filter));
};
const readField = (members: object): PlainJson => read(field(members));

/** The notation of `some` and `type` in texts that filters are shown by. */
const some = (of: string, path: readonly string[], filter: object): object => ({ some: [of, path, filter] });
const type = (name: string): object => ({ type: [[], name] });
const it_ = (operator: string, value?: unknown): object => ({
  field: 'metadata.',
  operator,
  ...(value === undefined ? {} : { value }),
});

describe('parseRunFilter', () => {
  describe('on metadata', () => {
    const onElements = (...tests: readonly object[]): object => some('elements', ['a', 'b'], { and: tests });
    const text = { or: [type('text'), type('boolean')] };

    it.each([
      ['a text', { operator: '=', value: 'x' }, onElements(text, it_('is', 'x'))],
      ['another text', { operator: '!=', value: 'x' }, onElements(text, { not: it_('is', 'x') })],
      ['order of texts', { operator: '<=', value: 'x' }, onElements(text, it_('lte', 'x'))],
      ['part of a text', { operator: 'contains', value: '%' }, onElements(text, it_('contains', '%'))],
      [
        'no part of a text',
        { operator: 'notContains', value: 'x' },
        onElements(text, it_('doesNotContain', 'x')),
      ],
      [
        'a boolean, which is of type text',
        { operator: '=', value: true },
        onElements(text, { or: [it_('is', 'true'), it_('is', true)] }),
      ],
      [
        'a number',
        { type: 'COLUMN_TYPE_NUMBER', operator: '=', value: 1 },
        onElements(type('number'), it_('is', 1)),
      ],
      [
        'another number',
        { type: 'COLUMN_TYPE_NUMBER', operator: '!=', value: '1.50' },
        onElements(type('number'), { not: it_('is', 1.5) }),
      ],
      [
        'order of numbers',
        { type: 'COLUMN_TYPE_NUMBER', operator: '>', value: 2 },
        onElements(type('number'), it_('gt', 2)),
      ],
      [
        'a date as an instant',
        { type: 'COLUMN_TYPE_DATE', operator: '=', value: '2024-05' },
        onElements(type('date'), it_('between', ['2024-05', '2024-05'])),
      ],
      [
        'order of dates',
        { type: 'COLUMN_TYPE_DATE', operator: '>=', value: '2024-05-01T10:00:00Z' },
        onElements(type('date'), it_('gte', '2024-05-01T10:00:00Z')),
      ],
    ])('reads %s', (_, members, filter) => {
      expect(readField(members)).toEqual(filter);
    });

    it('asks for a list when the column is one', () => {
      const anyScalar = { or: [type('string'), type('number'), type('boolean')] };
      expect(readField({ type: 'COLUMN_TYPE_ARRAY', operator: '=', value: '8' })).toEqual(
        some('values', ['a', 'b'], {
          and: [
            type('array'),
            some('elements', [], { and: [anyScalar, { or: [it_('is', '8'), it_('is', 8)] }] }),
          ],
        }),
      );
    });

    it('takes a leaf for what is not empty', () => {
      const leaf = {
        or: [
          some('elements', ['a', 'b'], { or: [{ not: type('object') }, it_('is', {})] }),
          some('values', ['a', 'b'], it_('is', [])),
        ],
      };
      expect(readField({ operator: 'notEmpty' })).toEqual(leaf);
      expect(readField({ operator: 'isEmpty', value: null })).toEqual({ not: leaf });
    });

    it('keeps every digit of a number', () => {
      const digits = '9007199254740993.10';
      const node = `{"kind":"field","columnName":"metadata.n","location":"LOCATION_TYPE_RUN_METADATA","type":"COLUMN_TYPE_NUMBER","operator":"=","value":${digits}}`;
      const { filter } = parseRunFilter(`{"filterGroup":${node}}`);
      expect(writeJson(filter)).toContain(digits);
    });
  });

  describe('on columns', () => {
    const run = (columnName: string, operator: string, value?: unknown): object => ({
      kind: 'field',
      location: 'LOCATION_TYPE_RUN',
      columnName,
      operator,
      value,
    });

    it.each([
      [run('id', '=', 5), { field: 'trial.id', operator: 'is', value: 5 }],
      [run('id', '>', '5'), { field: 'trial.id', operator: 'gt', value: 5 }],
      [run('state', '=', 'STATE_COMPLETED'), { field: 'trial.state', operator: 'is', value: 'COMPLETED' }],
      [run('endTime', 'isEmpty'), { field: 'trial.endTime', operator: 'isEmpty' }],
      [
        run('startTime', '<', '2024-05-01'),
        { field: 'trial.startTime', operator: 'lt', value: '2024-05-01' },
      ],
      [
        run('experimentName', 'contains', 'bert'),
        { field: 'experiment.name', operator: 'contains', value: 'bert' },
      ],
      [run('tags', 'notEmpty'), { field: 'experiment.labels', operator: 'isNotEmpty' }],
      [
        run('experimentName', '!=', 'x'),
        {
          and: [
            { field: 'experiment.name', operator: 'exists' },
            { field: 'experiment.name', operator: 'isNot', value: 'x' },
          ],
        },
      ],
      [run('searcherType', '=', 'grid'), { or: [] }],
      [run('searcherType', 'isEmpty'), { and: [] }],
      [{ ...run('hp.lr', '>', 1), location: 'LOCATION_TYPE_RUN_HYPERPARAMETERS' }, { or: [] }],
      [
        { kind: 'field', columnName: 'name', operator: '=', value: 'x' },
        { field: 'experiment.name', operator: 'is', value: 'x' },
      ],
    ])('reads %j', (node, filter) => {
      expect(read(node)).toEqual(filter);
    });
  });

  describe('of groups', () => {
    const id = { kind: 'field', columnName: 'id', operator: 'isEmpty' };
    const read_ = { field: 'experiment.id', operator: 'isEmpty' };

    it('nests them', () => {
      expect(read(group('and', id, group('or', id, group('and', id))))).toEqual({
        and: [read_, { or: [read_, { and: [read_] }] }],
      });
    });

    it('is everything without a group, without children, and where a needed value is missing', () => {
      expect(parseRunFilter('{}')).toEqual({ filter: EVERYTHING, showArchived: false });
      expect(parseRunFilter('{"filterGroup": null, "showArchived": true}').showArchived).toBe(true);
      expect(read(group('or'))).toEqual({ and: [] });
      expect(readField({ operator: '=', value: null })).toEqual({ and: [] });
      expect(readField({ operator: 'contains' })).toEqual({ and: [] });
    });

    it('ignores members that it does not know', () => {
      expect(read({ ...group('and', { ...id, id: 'f1' }), id: 'ROOT', colour: 'red' })).toEqual({
        and: [read_],
      });
    });
  });

  it.each([
    ['no JSON', 'nonsense', /^invalid filter: /],
    ['nothing', '', /^invalid filter: /],
    ['a list', '[]', /an object was expected/],
    ['a field without operator', field({ value: 'x' }), /^field specified with value but no operator$/],
    ['an unknown operator', field({ operator: 'like', value: 'x' }), /^invalid operator like$/],
    ['an operator that is no string', field({ operator: 1, value: 'x' }), /^invalid operator/],
    ['a group without conjunction', { kind: 'group', children: [] }, /^group specified with no conjunction$/],
    ['an unknown conjunction', group('xor'), /^invalid conjunction value xor$/],
    ['an unknown kind', { kind: 'rule' }, /^invalid filter kind rule/],
    [
      'an unknown run column',
      field({ location: 'LOCATION_TYPE_RUN', columnName: 'x', operator: '=' }),
      /^invalid run column x$/,
    ],
    [
      'metadata without its location',
      { kind: 'field', columnName: 'metadata.a', operator: '=' },
      /^invalid experiment column metadata\.a$/,
    ],
    ['an unknown location', field({ location: 'LOCATION_TYPE_MOON', operator: '=' }), /LOCATION_TYPE_MOON/],
    [
      'an unknown type',
      field({ type: 'COLUMN_TYPE_TREE', operator: '=', value: 1 }),
      /^invalid column type COLUMN_TYPE_TREE$/,
    ],
    [
      'a text for a number',
      field({ type: 'COLUMN_TYPE_NUMBER', operator: '=', value: 'x' }),
      /does not fit COLUMN_TYPE_NUMBER$/,
    ],
    [
      'a number beyond numeric',
      field({ type: 'COLUMN_TYPE_NUMBER', operator: '=', value: '1e999999' }),
      /does not fit/,
    ],
    [
      'a text for a date',
      field({ type: 'COLUMN_TYPE_DATE', operator: '<', value: 'soon' }),
      /does not fit COLUMN_TYPE_DATE$/,
    ],
    ['a list for a text', field({ operator: '=', value: ['x'] }), /does not fit COLUMN_TYPE_TEXT$/],
    [
      'groups too deep',
      Array.from({ length: 32 }).reduce<object>((inner) => group('and', inner), group('and')),
      /more than 32 groups/,
    ],
    [
      'too many fields',
      group('and', ...Array.from({ length: 201 }, () => field({ operator: 'isEmpty' }))),
      /more than 200 fields/,
    ],
  ])('refuses %s', (_, node, message) => {
    const text = typeof node === 'string' ? node : JSON.stringify({ filterGroup: node });
    expect(() => parseRunFilter(text)).toThrow(message);
  });
});
