import { JsonNumber } from '../document/index.js';
import { InvalidRequestError, type Problem } from '../metadata.errors.js';
import { columnCatalog, type Column } from './column.js';
import type { Condition } from './filter.js';
import { parseQueryString } from './parse-query-string.js';
import { DEFAULT_QUERY_LIMITS } from './query-limits.js';
import { identifier } from './sql.js';

const column = (name: string): Column => ({
  name,
  type: 'text',
  sql: identifier(name),
  item: name,
  owner: 'trial',
});
const [state, owner] = [column('trial.state'), column('team.owner')];
const names = { columns: columnCatalog([state, owner]), limits: DEFAULT_QUERY_LIMITS };

const parse = (query: string) => parseQueryString(new URLSearchParams(query), names);
const number = (text: string) => new JsonNumber(text);

function condition(
  operator: string,
  operands: readonly unknown[],
  path: readonly string[] = ['a'],
): Condition {
  return { kind: 'condition', field: { kind: 'metadata', path }, operator, operands } as Condition;
}

function only(query: string): unknown {
  const { filter } = parse(query);
  return filter.kind === 'and' && filter.filters.length === 1 ? filter.filters[0] : filter;
}

function problems(query: string): readonly Problem[] {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems;
    throw error;
  }
  return [];
}

function problem(query: string): Problem {
  const [first] = problems(query);
  if (first === undefined) throw new Error('The query string was taken.');
  return first;
}

describe('conditions', () => {
  test('a plain value is a text', () => {
    expect(only('metadata.hardware.gpu=NVIDIA A100')).toEqual(
      condition('is', ['NVIDIA A100'], ['hardware', 'gpu']),
    );
    expect(only('metadata.a=')).toEqual(condition('is', ['']));
    expect(only('trial.state=ACTIVE')).toMatchObject({ field: { kind: 'column', column: state } });
  });

  test.each([
    ['64', number('64')],
    ['1.0', number('1.0')],
    ['-1e400', number('-1e400')],
    ['9007199254740993', number('9007199254740993')],
    ['true', true],
    ['false', false],
    ['null', null],
  ])('is %s takes the text, and also what the text spells', (text, value) => {
    for (const operator of ['is', 'contains']) {
      const filters = [condition(operator, [text]), condition(operator, [value])];
      expect(only(`metadata.a[${operator}]=${text}`)).toEqual({ kind: 'or', filters });
    }
    for (const operator of ['isNot', 'doesNotContain']) {
      const filters = [condition(operator, [text]), condition(operator, [value])];
      expect(only(`metadata.a[${operator}]=${text}`)).toEqual({ kind: 'and', filters: filters });
    }
    expect(only(`metadata.a[in]=${text}`)).toEqual(condition('in', [text, value]));
  });

  test.each([
    '08',
    '+8',
    '.5',
    '0x10',
    'NaN',
    '1_000',
    'TRUE',
    'None',
    '[8]',
    '{}',
    '"8"',
    '1e200000',
    '8 ',
    ' 8',
    '8\n',
    'true ',
  ])('%s spells nothing but itself', (text) => {
    expect(only(`metadata.a=${encodeURIComponent(text)}`)).toEqual(condition('is', [text]));
  });

  test('an order takes a number where the text is one, and a date as text', () => {
    expect(only('metadata.a[gt]=8.50')).toEqual(condition('gt', [number('8.50')]));
    expect(only('metadata.a[lte]=2024-05-01')).toEqual(condition('lte', ['2024-05-01']));
    expect(only('metadata.a[between]=1,10')).toEqual(condition('between', [number('1'), number('10')]));
    expect(only('metadata.a[between]="a,b","8"')).toEqual(condition('between', ['a,b', '8']));
    expect(only('metadata.a[startsWith]=8')).toEqual(condition('startsWith', ['8']));
    expect(only('metadata.a[gt]=8%20')).toEqual(condition('gt', ['8 ']));
  });

  test('a list is given by repeating the parameter, or as JSON', () => {
    expect(only('metadata.a[in]=x&metadata.a[in]=y,z')).toEqual(condition('in', ['x', 'y,z']));
    expect(only('metadata.a[notIn]=[1,"1",null]')).toEqual(condition('notIn', [number('1'), '1', null]));
    expect(only('metadata.a[in]=[x')).toEqual(condition('in', ['[x']));
  });

  test('an operator without operand stands alone or with true', () => {
    for (const query of ['metadata.a[exists]', 'metadata.a[exists]=', 'metadata.a[exists]=true']) {
      expect(only(query)).toEqual(condition('exists', []));
    }
    expect(problem('metadata.a[exists]=false')).toMatchObject({ path: 'metadata.a[exists].value', code: 'value_not_accepted' });
  }); // prettier-ignore

  test('all conditions, and the filter beside them, must hold', () => {
    const filter = '{"field": "metadata.c", "operator": "exists"}';
    expect(parse(`metadata.a=x&filter=${filter}&metadata.b=y`).filter).toEqual({
      kind: 'and',
      filters: [
        condition('exists', [], ['c']),
        { kind: 'and', filters: [condition('is', ['x']), condition('is', ['y'], ['b'])] },
      ],
    });
  });

  test('a bracket in a key is no operator', () => {
    expect(only('metadata."a[isNot]"=x')).toEqual(condition('is', ['x'], ['a[isNot]']));
    expect(only('metadata."a[isNot]"[isNot]=x')).toEqual(condition('isNot', ['x'], ['a[isNot]']));
  });

  test("a host's column of any name is one; an unknown parameter is left to the endpoint", () => {
    expect(only('team.owner[contains]=ada')).toMatchObject({
      field: { column: owner },
      operator: 'contains',
    });
    expect(parse('limit=40&team.name=x&metadata=y').others).toEqual([['limit', '40'], ['team.name', 'x'], ['metadata', 'y']]); // prettier-ignore
  });
});

describe('sort and fields', () => {
  test('a sort key has a sign before and an order behind', () => {
    const key = (path: readonly string[], direction: string, as: string) => ({ field: { kind: 'metadata', path }, direction, as });
    expect(parse('sort=-metadata.a,metadata.b:number,%2Bmetadata.c:text').sort).toEqual([
      key(['a'], 'desc', 'json'),
      key(['b'], 'asc', 'number'),
      key(['c'], 'asc', 'text'),
    ]);
    expect(parse('sort=-metadata."b:number", metadata."a,\\",b"').sort).toEqual([
      key(['b:number'], 'desc', 'json'),
      key(['a,",b'], 'asc', 'json'),
    ]);
    expect(parse('sort=').sort).toEqual([]);
  }); // prettier-ignore

  test('fields are separated by commas that stand in no quotes', () => {
    expect(parse('fields=metadata.a, metadata."b,c",trial.state').fields).toEqual(['metadata.a', 'metadata."b,c"', 'trial.state']);
    expect(parse('fields=').fields).toEqual([]);
    expect(parse('').fields).toBeUndefined();
  }); // prettier-ignore
});

describe('what is refused', () => {
  test('is listed whole', () => {
    const query = 'metadata.a[like]=1&trial.nope=1&sort=name,metadata.a..b&filter={"or":[{"field":"x"},{}]}';
    expect(problems(query).map(({ path, code }) => [path, code])).toEqual([
      ['metadata.a[like]', 'unknown_operator'],
      ['trial.nope', 'unknown_column'],
      ['sort[0]', 'unknown_column'],
      ['sort[1]', 'invalid_path'],
      ['filter.or[0].field', 'unknown_column'],
      ['filter.or[0].operator', 'unknown_operator'],
    ]);
  });

  test.each([
    ['metadata.a[like]=x', 'metadata.a[like]', 'unknown_operator', 'Did you mean "contains"? There are: is, isNot'],
    ['metadata.a[constructor]=x', 'metadata.a[constructor]', 'unknown_operator', 'no operator. There are: is, isNot'],
    ['metadata.a[]=x', 'metadata.a[]', 'unknown_operator', 'There are: is, isNot'],
    ['metadata.a[is_not]=x', 'metadata.a[is_not]', 'unknown_operator', 'Did you mean "isNot"?'],
    ['metadata.a[>]=1', 'metadata.a[>]', 'unknown_operator', '">" is no operator. Did you mean "gt"? There are: is, isNot'],
    ['metadata.a[>=]=1', 'metadata.a[>', 'unknown_operator', '">=" is no operator. Did you mean "gte"? There are: is, isNot'],
    ['metadata.a[is=1', 'metadata.a[is', 'unknown_operator', 'Did you mean "is"?'],
    ['trial.state[gt2]=1', 'trial.state[gt2]', 'unknown_operator', 'Did you mean "gt"?'],
    ['metadata."a"[ is]=1', 'metadata."a"[ is]', 'unknown_operator', 'Did you mean "is"?'],
    ['metadata.a[0]=x', 'metadata.a[0]', 'invalid_path', 'needs quotes'],
    ['trial.name=x', 'trial.name', 'unknown_column', 'one of trial.state, team.owner'],
    ['experiment.id=1', 'experiment.id', 'unknown_column', 'one of trial.state'],
    ['metadata.=x', 'metadata.', 'invalid_path', 'a segment is missing'],
    ['metadata.a[between]=1', 'metadata.a[between].value', 'value_not_accepted', 'two values'],
    ['metadata.a[between]=1,2,3', 'metadata.a[between].value', 'value_not_accepted', 'two values'],
    ['filter={', 'filter', 'invalid_json', ''],
    ['filter=metadata.a', 'filter', 'invalid_json', ''],
    ['filter={"and":[{"field":"x"}]}', 'filter.and[0].field', 'unknown_column', ''],
    ['sort=name', 'sort[0]', 'unknown_column', ''],
    ['sort=-', 'sort[0]', 'unknown_column', ''],
    ['sort=metadata.a&sort=metadata.b', 'sort', 'duplicate_parameter', 'commas between'],
    ['fields=metadata.a&fields=', 'fields', 'duplicate_parameter', 'commas between'],
    ['sort=metadata.a,metadata.b:date c', 'sort[1]', 'invalid_path', ''],
    ['sort=metadata.a;DROP TABLE trials', 'sort[0]', 'invalid_path', 'needs quotes'],
    ['sort=trial.state,trial.state,trial.state,trial.state,trial.state,trial.state', 'sort', 'too_many_sort_keys', 'at most 5'],
    ['metadata.a=x%00y', 'metadata.a', 'nul_character', 'NUL'],
    ['metadata.%00=x', 'metadata.', 'nul_character', 'NUL'],
    [`metadata.a=${'x'.repeat(1_001)}`, 'metadata.a.value', 'text_too_long', '1000'],
  ])('%s', (query, path, code, message) => {
    const found = problem(query);
    expect([found.path, found.code]).toEqual([path, code]);
    expect(found.message).toContain(message);
  }); // prettier-ignore

  test('more than 200 conditions, in whatever way they come', () => {
    const filter = `{"or":[${Array.from({ length: 150 }, () => '{"field":"metadata.a","operator":"exists"}').join()}]}`;
    const conditions = (count: number) => Array.from({ length: count }, (_, index) => `metadata.k${index}=1`).join('&');
    expect(parse(conditions(200))).toBeDefined();
    for (const query of [conditions(201), `filter=${filter}&${conditions(51)}`, `filter=${filter}&filter=${filter}`]) {
      expect(problem(query)).toMatchObject({ path: 'query', code: 'too_many_conditions', limit: 200 });
    }
  }); // prettier-ignore

  test('a filter is refused by its own depth, not by that of its JSON', () => {
    const nested = (depth: number) => `{"and":[`.repeat(depth) + '{"field":"metadata.a","operator":"is","value":[[1]]}' + ']}'.repeat(depth);
    expect(parse(`filter=${nested(32)}`)).toBeDefined();
    expect(problem(`filter=${nested(33)}`).code).toBe('filter_too_deep');
    expect(problem(`filter=${nested(100_000)}`)).toMatchObject({ code: expect.stringMatching(/nested_too_deep/) });
  }); // prettier-ignore
});
