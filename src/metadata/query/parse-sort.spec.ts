import { parseJson } from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import { columnCatalog, type Column } from './column.js';
import { formatSort } from './format-filter.js';
import { parseSort } from './parse-sort.js';
import { DEFAULT_QUERY_LIMITS } from './query-limits.js';
import { identifier } from './sql.js';

const id: Column = { name: 'trial.id', type: 'integer', sql: identifier('id'), item: 'id', owner: 'trial' };
const names = { columns: columnCatalog([id]), limits: DEFAULT_QUERY_LIMITS };
const parse = (json: string) => parseSort(parseJson(json), names);

test('reads keys; ascending and json where nothing is said', () => {
  expect(
    parse('[{"field": "metadata.a.b"}, {"field": "trial.id", "direction": "desc", "as": "number"}]'),
  ).toEqual([
    { field: { kind: 'metadata', path: ['a', 'b'] }, direction: 'asc', as: 'json' },
    { field: { kind: 'column', column: id }, direction: 'desc', as: 'number' },
  ]);
});

test('nothing, null and an empty list are the order by id', () => {
  expect([undefined, null, []].map((input) => parseSort(input, names))).toEqual([[], [], []]);
});

test('formatSort writes what parseSort reads back', () => {
  const sort = parse(
    '[{"field": "metadata.\\"a.b\\".\\"\\"", "as": "text"}, {"field": "trial.id", "direction": "desc"}]',
  );
  expect(parseSort(formatSort(sort), names)).toEqual(sort);
});

test.each([
  ['{}', 'sort', 'invalid_sort', 'A sort is a list of {"field", "direction", "as"}.'],
  ['"-metadata.a"', 'sort', 'invalid_sort', 'A sort is a list'],
  ['["metadata.a"]', 'sort[0]', 'invalid_sort', 'A sort key is an object'],
  ['[{"field": "metadata.a"}, {}]', 'sort[1].field', 'invalid_field', 'as a string'],
  ['[{"field": "metadata.a", "order": "desc"}]', 'sort[0]', 'unknown_property', 'not "order"'],
  ['[{"field": "trial.name"}]', 'sort[0].field', 'unknown_column', 'one of trial.id.'],
  ['[{"field": "metadata.a["}]', 'sort[0].field', 'invalid_path', 'needs quotes'],
  ['[{"field": "metadata.a", "direction": "DESC; DROP TABLE trials"}]', 'sort[0].direction', 'value_not_accepted', 'Accepted here: "asc", "desc".'],
  ['[{"field": "metadata.a", "direction": null}]', 'sort[0].direction', 'value_not_accepted', '"asc", "desc"'],
  ['[{"field": "metadata.a", "as": "date"}]', 'sort[0].as', 'value_not_accepted', 'Accepted here: "json", "number", "text".'],
])('%s is refused at %s', (json, path, code, message) => {
  let found: unknown;
  try {
    parse(json);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(InvalidRequestError);
  expect((found as InvalidRequestError).problems).toEqual([{ path, code, message: expect.stringContaining(message) }]);
}); // prettier-ignore

test('five keys are taken, six are not', () => {
  const keys = (count: number) => Array.from({ length: count }, () => new Map([['field', 'metadata.a']]));
  expect(parseSort(keys(5), names)).toHaveLength(5);
  expect(() => parseSort(keys(6), names)).toThrow('A sort has at most 5 keys.');
});
