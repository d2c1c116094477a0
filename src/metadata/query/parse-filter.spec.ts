import { timesAsLong } from '../../../test/support/times-as-long.js';
import { JsonNumber, parseJson, type JsonValue } from '../document/index.js';
import { InvalidRequestError, type Problem } from '../metadata.errors.js';
import { columnCatalog, type Column } from './column.js';
import { OPERATORS } from './operators.js';
import { parseFilter } from './parse-filter.js';
import { DEFAULT_QUERY_LIMITS, requestDepth } from './query-limits.js';
import { identifier } from './sql.js';

const state: Column = {
  name: 'trial.state',
  type: 'text',
  sql: identifier('state'),
  item: 'state',
  owner: 'trial',
};
const names = { columns: columnCatalog([state]), limits: DEFAULT_QUERY_LIMITS };

const parse = (json: string) => parseFilter(parseJson(json, { maxDepth: 100_100 }), names);

function problem(input: string | JsonValue): Problem {
  try {
    if (typeof input === 'string') parse(input);
    else parseFilter(input, names);
  } catch (error) {
    if (error instanceof InvalidRequestError && error.problems[0] !== undefined) return error.problems[0];
    throw error;
  }
  throw new Error('The filter was taken.');
}

describe('parseFilter', () => {
  test('reads conditions on metadata and on columns, with exact numbers', () => {
    expect(
      parse('{"field": "metadata.\\"lr.schedule\\".warmup", "operator": "gte", "value": 1e400}'),
    ).toEqual({
      kind: 'condition',
      field: { kind: 'metadata', path: ['lr.schedule', 'warmup'] },
      operator: 'gte',
      operands: [new JsonNumber('1e400')],
    });
    expect(parse('{"field": "trial.state", "operator": "exists"}')).toEqual({
      kind: 'condition',
      field: { kind: 'column', column: state },
      operator: 'exists',
      operands: [],
    });
  });

  test('an operator without operand takes none or null', () => {
    expect(parse('{"field": "metadata.a", "operator": "isEmpty", "value": null}')).toMatchObject({
      operands: [],
    });
  });

  test('null is an operand like any other, and not a missing one', () => {
    expect(parse('{"field": "metadata.a", "operator": "is", "value": null}')).toMatchObject({
      operands: [null],
    });
    expect(parse('{"field": "metadata.a", "operator": "in", "value": []}')).toMatchObject({ operands: [] });
    expect(parse('{"field": "metadata.a", "operator": "between", "value": ["a", 1]}')).toMatchObject({
      operands: ['a', new JsonNumber('1')],
    });
  });

  test('reads groups; nothing, null and {} are every trial', () => {
    const everything = { kind: 'and', filters: [] };
    for (const input of [undefined, null, new Map()]) expect(parseFilter(input, names)).toEqual(everything);
    expect(parse('{"not": {"or": [{}, {"and": []}]}}')).toEqual({
      kind: 'not',
      filter: { kind: 'or', filters: [everything, everything] },
    });
  });

  test('a key that the path spells odd is a key', () => {
    for (const [text, path] of [
      ['metadata.__proto__.constructor', ['__proto__', 'constructor']],
      ['metadata.""', ['']],
      ['metadata.metadata', ['metadata']],
      ['metadata.trial.state', ['trial', 'state']],
    ] as const) {
      expect(parseFilter(new Map([['field', text], ['operator', 'exists']]), names)).toMatchObject({ field: { path } }); // prettier-ignore
    }
  });

  const accepted = Object.keys(OPERATORS).join(', ');
  test.each([
    ['[]', 'filter', 'invalid_filter', 'A filter is an object'],
    ['"metadata.a = 1"', 'filter', 'invalid_filter', '{"field", "operator", "value"}'],
    ['{"and": {}}', 'filter.and', 'invalid_filter', '"and" needs a list of filters.'],
    ['{"or": null}', 'filter.or', 'invalid_filter', '"or" needs a list'],
    ['{"not": []}', 'filter.not', 'invalid_filter', 'A filter is an object'],
    ['{"not": null}', 'filter.not', 'invalid_filter', 'A filter is an object'],
    ['{"and": [{}, {"or": [1]}]}', 'filter.and[1].or[0]', 'invalid_filter', 'A filter is an object'],
    ['{"and": [], "or": []}', 'filter.or', 'unknown_property', 'one of "and", "or", "not" and nothing else'],
    ['{"and": [], "field": "metadata.a"}', 'filter.field', 'unknown_property', 'beside "and"'],
    ['{"field": "metadata.a", "op": "is"}', 'filter.op', 'unknown_property', 'A condition has "field", "operator" and "value"'],
    ['{"__proto__": 1}', 'filter.__proto__', 'unknown_property', '"__proto__" is not known here'],
    ['{"operator": "is", "value": 1}', 'filter.field', 'invalid_field', 'e.g. "metadata.hardware.gpu"'],
    ['{"field": ["metadata", "a"], "operator": "is"}', 'filter.field', 'invalid_field', 'as a string'],
    ['{"field": "state", "operator": "exists"}', 'filter.field', 'unknown_column', 'Write metadata.<path> for metadata, or one of trial.state.'],
    ['{"field": "trial.sate", "operator": "exists"}', 'filter.field', 'unknown_column', 'Did you mean trial.state?'],
    ['{"field": "metadatas", "operator": "exists"}', 'filter.field', 'unknown_column', 'Did you mean metadata.metadatas?'],
    ['{"field": "metadata.", "operator": "exists"}', 'filter.field', 'invalid_path', 'a segment is missing'],
    ['{"field": "metadata.a..b", "operator": "exists"}', 'filter.field', 'invalid_path', 'Write the empty key as ""'],
    ['{"field": "metadata.a b", "operator": "exists"}', 'filter.field', 'invalid_path', 'needs quotes'],
    ['{"field": "metadata.gpus[0]", "operator": "exists"}', 'filter.field', 'invalid_path', 'needs quotes'],
    ['{"field": "metadata.\\"a", "operator": "exists"}', 'filter.field', 'invalid_path', 'does not end'],
    ['{"field": "metadata.\\"\\\\u0000\\"", "operator": "exists"}', 'filter.field', 'invalid_path', 'NUL'],
    ['{"field": "metadata.\\"\\\\ud800\\"", "operator": "exists"}', 'filter.field', 'invalid_path', 'surrogate'],
    ['{"field": "metadata.a"}', 'filter.operator', 'unknown_operator', `There are: ${accepted}.`],
    ['{"field": "metadata.a", "operator": 1}', 'filter.operator', 'unknown_operator', 'must be a string'],
    ['{"field": "metadata.a", "operator": "constructor"}', 'filter.operator', 'unknown_operator', '"constructor" is no operator.'],
    ['{"field": "metadata.a", "operator": "IS NULL OR 1=1"}', 'filter.operator', 'unknown_operator', accepted],
    ['{"field": "metadata.a", "operator": "conatins"}', 'filter.operator', 'unknown_operator', 'Did you mean "contains"?'],
    ['{"field": "metadata.a", "operator": "is"}', 'filter.value', 'value_missing', '"is" needs a value.'],
    ['{"field": "metadata.a", "operator": "exists", "value": false}', 'filter.value', 'value_not_accepted', 'takes no value; leave it out'],
    ['{"field": "metadata.a", "operator": "in", "value": "x"}', 'filter.value', 'value_not_accepted', 'needs a list of values'],
    ['{"field": "metadata.a", "operator": "between", "value": [1]}', 'filter.value', 'value_not_accepted', 'the lower and the upper bound'],
    ['{"field": "metadata.a", "operator": "between", "value": [1, 2, 3]}', 'filter.value', 'value_not_accepted', 'list of two values'],
    ['{"field": "metadata.a", "operator": "startsWith", "value": 8}', 'filter.value', 'value_not_accepted', '"startsWith" needs a string.'],
  ])('%s is refused at %s', (json, path, code, message) => {
    const found = problem(json);
    expect([found.path, found.code]).toEqual([path, code]);
    expect(found.message).toContain(message);
  }); // prettier-ignore

  test('at names the place in another request', () => {
    expect(() => parseFilter([], names, 'body.filter')).toThrow('body.filter: A filter is an object');
  });
});

describe('the limits of a filter', () => {
  const condition = '{"field": "metadata.a", "operator": "exists"}';
  const nested = (depth: number, open = '{"and": [', close = ']}') =>
    open.repeat(depth) + condition + close.repeat(depth);

  test('32 groups deep is taken, 33 is not, whatever the groups', () => {
    for (const [open, close] of [['{"and": [', ']}'], ['{"or": [{}, ', ']}'], ['{"not": ', '}']] as const) {
      expect(parse(nested(32, open, close))).toBeDefined();
      expect(problem(nested(33, open, close))).toMatchObject({ code: 'filter_too_deep', limit: 32, actual: 33 });
    }
  }); // prettier-ignore

  test('the depth that requests are read with is enough to come to that limit', () => {
    const json = `{"filter": ${nested(33)}}`;
    expect(() => parseJson(json, { maxDepth: requestDepth(DEFAULT_QUERY_LIMITS) })).not.toThrow();
  });

  test('100,000 groups inside each other are refused in linear time, before and after the JSON is read', async () => {
    const refuse = (groups: number) => () => {
      expect(() => parseJson(nested(groups))).toThrow(InvalidRequestError);
      let deep: JsonValue = new Map();
      for (let depth = 0; depth < groups; depth++) deep = new Map([['not', deep]]);
      const found = problem(deep);
      expect(found.code).toBe('filter_too_deep');
      expect(found.path.length).toBeLessThan(300);
    };
    // Quadratic work would take 400 times as long.
    expect(await timesAsLong(refuse(100_000), refuse(5_000))).toBeLessThan(100);
  });

  test('200 conditions are taken, 201 are not, wherever they stand', () => {
    const many = (count: number) => `{"or": [${Array.from({ length: count }, () => condition).join()}]}`;
    expect(parse(many(200))).toMatchObject({ kind: 'or' });
    expect(problem(many(201))).toMatchObject({ code: 'too_many_conditions', limit: 200, actual: 201 });
    expect(problem(`{"and": [${many(150)}, {"not": ${many(51)}}]}`).code).toBe('too_many_conditions');
  });

  test('text of 1,000 characters is taken, of 1,001 not, at any depth of a value', () => {
    const filter = (value: JsonValue) => new Map<string, JsonValue>([['field', 'metadata.a'], ['operator', 'is'], ['value', value]]); // prettier-ignore
    const long = 'x'.repeat(1_001);
    expect(parseFilter(filter('x'.repeat(1_000)), names)).toBeDefined();
    expect(problem(filter(long))).toMatchObject({ path: 'filter.value', code: 'text_too_long', limit: 1_000, actual: 1_001 });
    expect(problem(filter(['a', long])).path).toBe('filter.value[1]');
    expect(problem(filter(new Map([['a', [long]]]))).code).toBe('text_too_long');
    expect(problem(filter(new Map([[long, null]]))).code).toBe('text_too_long');
    expect(parseFilter(filter('😀'.repeat(1_000)), names)).toBeDefined();
    expect(problem(filter('😀'.repeat(1_001)))).toMatchObject({ limit: 1_000, actual: 1_001 });
  }); // prettier-ignore

  test('a path has at most 1,000 characters and 64 segments', () => {
    const filter = (field: string) => new Map([['field', field], ['operator', 'exists']]); // prettier-ignore
    const path = (segments: number) => `metadata.${Array.from({ length: segments }, () => 'a').join('.')}`;
    expect(parseFilter(filter(path(64)), names)).toBeDefined();
    expect(problem(filter(path(65)))).toMatchObject({ code: 'path_too_deep', limit: 64, actual: 65 });
    expect(problem(filter(path(10_000)))).toMatchObject({
      path: 'filter.field',
      code: 'text_too_long',
      limit: 1_000,
    });
    expect(problem(filter(`metadata.${'k'.repeat(1_001)}`)).code).toBe('text_too_long');
  });

  test('in takes at most 1,000 values', () => {
    const filter = (count: number) => new Map<string, JsonValue>([['field', 'metadata.a'], ['operator', 'in'], ['value', Array.from({ length: count }, () => null)]]); // prettier-ignore
    expect(parseFilter(filter(1_000), names)).toBeDefined();
    expect(problem(filter(1_001))).toMatchObject({ code: 'too_many_values', limit: 1_000, actual: 1_001 });
  });

  test('what a message repeats of the request is short, and no half of a character', () => {
    for (const text of ['x'.repeat(100_000), '😀'.repeat(1_000), `x${'😀'.repeat(1_000)}`]) {
      for (const input of [
        new Map([[text, 1]]),
        new Map([['and', []], [text, []]]),
        new Map([['field', text]]),
        new Map([['field', 'metadata.a'], ['operator', text]]),
      ] as const) {
        const found = problem(input as unknown as JsonValue);
        expect(found.path.length + found.message.length).toBeLessThan(600);
        expect(found.path + found.message).toBe((found.path + found.message).toWellFormed());
      }
    }
  }); // prettier-ignore
});
