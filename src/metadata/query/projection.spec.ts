import { parseJson, RawJson, writeJson } from '../document/index.js';
import { columnCatalog, type Column } from './column.js';
import { nestMetadata, parseProjection, selectMetadata, WHOLE_ITEM } from './projection.js';
import { DEFAULT_QUERY_LIMITS } from './query-limits.js';
import { identifier, joinSql } from './sql.js';

const state: Column = {
  name: 'trial.state',
  type: 'text',
  sql: identifier('state'),
  item: 'state',
  owner: 'trial',
};
const names = { columns: columnCatalog([state]), limits: DEFAULT_QUERY_LIMITS };
const parse = (json: string) => parseProjection(parseJson(json), names);
const select = (json: string) => joinSql(selectMetadata(parse(json), identifier('d')), ', ').toPositional();

test('absent: the whole item; an empty list: ids alone', () => {
  expect(parseProjection(undefined, names)).toEqual(WHOLE_ITEM);
  expect(parse('null')).toEqual(WHOLE_ITEM);
  expect(parse('[]')).toEqual({ columns: [], metadata: 'none' });
});

test('reads columns and paths, each once; a path within another is in it already', () => {
  expect(
    parse('["trial.state", "metadata.a.b", "metadata.c", "trial.state", "metadata.a", "metadata.c"]'),
  ).toEqual({
    columns: [state],
    metadata: [['c'], ['a']],
  });
  expect(parse('["metadata.a", "metadata"]').metadata).toBe('all');
});

test('selects the values alone, their paths as parameters', () => {
  expect(select('["metadata.a.\\"x y\\"", "metadata.b"]')).toEqual({
    text: '("d" -> $1::text -> $2::text)::text, ("d" -> $3::text)::text',
    values: ['a', 'x y', 'b'],
  });
  expect(select('["metadata"]').text).toBe('"d"::text');
  expect(select('["trial.state"]').text).toBe('');
});

test('nests values as in the document; what is not there is left out, null stays', () => {
  const projection = parse(
    '["metadata.a.b", "metadata.a.c", "metadata.d", "metadata.e.f", "metadata.__proto__.g"]',
  );
  expect(writeJson(nestMetadata(projection, ['1.50', null, 'null', null, '{"h": 1e400}']))).toBe(
    '{"a":{"b":1.50},"d":null,"__proto__":{"g":{"h": 1e400}}}',
  );
});

test('a trial without metadata has an empty document', () => {
  expect(nestMetadata(WHOLE_ITEM, [null])).toEqual(new RawJson('{}'));
  expect(nestMetadata(parse('["metadata.a"]'), [null])).toEqual(new Map());
  expect(nestMetadata(parse('[]'), [])).toBeUndefined();
});

test.each([
  ['"metadata.a"', 'fields: "fields" is a list of fields'],
  ['[1]', 'fields[0]: A field is a string.'],
  ['["metadata.a", "state"]', 'fields[1]: "state" is no field.'],
  ['["metadata.a b"]', 'fields[0]: '],
])('%s is refused', (json, message) => {
  expect(() => parse(json)).toThrow(message);
});

test('200 fields are taken, 201 are not', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, index) => `metadata.k${index}`);
  expect(parseProjection(fields(200), names).metadata).toHaveLength(200);
  expect(() => parseProjection(fields(201), names)).toThrow('At most 200 fields can be asked for.');
});
