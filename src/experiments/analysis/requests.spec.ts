import { InvalidRequestError, parseJson } from '../../metadata/index.js';
import { parseAggregateBody } from './aggregate/aggregate-request.js';
import { measureName } from './aggregate/measure.js';
import { parseCompareBody } from './compare/compare-request.js';
import { parseExportQuery } from './export/export-request.js';

function problemsOf(read: () => unknown): readonly unknown[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems.map(({ path, code }) => [path, code]);
    throw error;
  }
  return [];
}

describe('parseCompareBody', () => {
  const problems = (body: string) => problemsOf(() => parseCompareBody(parseJson(body)));

  it('takes trials by id, archived or not, each once', () => {
    const { trials, baseline } = parseCompareBody(parseJson('{"trialIds": [3, 1, 3], "baseline": 1}'));
    expect(trials).toMatchObject({ trialIds: [3, 1], archived: true });
    expect(baseline).toBe(1);
  });

  it('takes null as absent', () => {
    expect(problems('{"trialIds": null, "filter": null, "baseline": null, "fields": null}')).toEqual([]);
  });

  it.each([
    ['{"trialIds": []}', 'trialIds', 'value_not_accepted'],
    ['{"trialIds": 7}', 'trialIds', 'value_not_accepted'],
    ['{"trialIds": [1, "2"]}', 'trialIds[1]', 'value_not_accepted'],
    ['{"trialIds": [1], "filter": {}}', 'filter', 'value_not_accepted'],
    ['{"trialIds": [1], "projectId": 1}', 'projectId', 'value_not_accepted'],
    ['{"trialIds": [1], "baseline": 2}', 'baseline', 'value_not_accepted'],
    ['{"summary": true, "baseline": 2}', 'baseline', 'value_not_accepted'],
    ['{"summary": 1}', 'summary', 'value_not_accepted'],
    ['{"trials": [1]}', 'trials', 'unknown_property'],
    ['{"fields": ["metadata.a", "x"]}', 'fields[1]', 'unknown_column'],
    ['{"filter": {"field": "metadata.a", "operator": "like"}}', 'filter.operator', 'unknown_operator'],
    ['[]', 'body', 'value_not_accepted'],
  ])('refuses %s', (body, path, code) => {
    expect(problems(body)).toEqual([[path, code]]);
  });

  it('refuses 201 ids and says how many may be', () => {
    const ids = Array.from({ length: 201 }, (_, index) => index + 1);
    expect(() => parseCompareBody(parseJson(JSON.stringify({ trialIds: ids })))).toThrow(
      'trialIds: At most 200 trials are compared by id.',
    );
  });
});

describe('parseAggregateBody', () => {
  const parse = (body: string) => parseAggregateBody(parseJson(body));

  it('takes each field and each measure once', () => {
    const body = `{"groupBy": ["metadata.a", "metadata.\\"a\\""], "measures":
      [{"field": "metadata.x", "op": "mean"}, {"field": "metadata.x", "op": "mean"}]}`;
    const { groupBy, measures } = parse(body);
    expect(groupBy).toHaveLength(1);
    expect(measures.map(measureName)).toEqual(['mean(metadata.x)']);
  });

  it('sorts by the count, a field of the key or a measure', () => {
    const body = `{"groupBy": ["trial.state"], "measures": [{"field": "metadata.x", "op": "p95"}], "sort":
      [{"field": "p95(metadata.x)", "direction": "desc"}, {"field": "trial.state"}, {"field": "count"}]}`;
    expect(parse(body).sort).toEqual([
      { by: 'measure', index: 0, direction: 'desc' },
      { by: 'key', index: 0, direction: 'asc' },
      { by: 'count', direction: 'asc' },
    ]);
  });

  it.each([
    ['{"groupBy": "metadata.a"}', 'groupBy', 'value_not_accepted'],
    ['{"groupBy": ["metadata.a", "metadata.b", "metadata.c", "metadata.d"]}', 'groupBy', 'too_many_values'],
    ['{"groupBy": [1]}', 'groupBy[0]', 'invalid_field'],
    ['{"groupBy": ["trial.gpu"]}', 'groupBy[0]', 'unknown_column'],
    ['{"measures": [{"field": "metadata.a", "op": "sum"}]}', 'measures[0].op', 'unknown_op'],
    ['{"measures": [{"field": "metadata.a", "op": "toString"}]}', 'measures[0].op', 'unknown_op'],
    ['{"measures": [{"field": "metadata.a"}]}', 'measures[0].op', 'value_missing'],
    ['{"measures": [{"field": "metadata.a", "op": "min", "x": 1}]}', 'measures[0].x', 'unknown_property'],
    ['{"measures": ["min"]}', 'measures[0]', 'value_not_accepted'],
    ['{"measures": [{"field": "trial.state", "op": "min"}]}', 'measures[0].field', 'field_not_numeric'],
    ['{"sort": [{"field": "metadata.a"}]}', 'sort[0].field', 'unknown_sort_field'],
    ['{"sort": [{"field": "count", "direction": "down"}]}', 'sort[0].direction', 'value_not_accepted'],
    ['{"limit": 1001}', 'limit', 'value_not_accepted'],
    ['{"having": 1}', 'having', 'unknown_property'],
  ])('refuses %s', (body, path, code) => {
    expect(problemsOf(() => parse(body))).toEqual([[path, code]]);
  });
});

it.each<[string, () => unknown, readonly string[]]>([
  [
    'a comparison',
    () =>
      parseCompareBody(
        parseJson('{"baseline": 0, "filter": {"field": 1, "operator": "is"}, "fields": ["x", 2]}'),
      ),
    ['filter.field', 'filter.value', 'baseline', 'fields[0]', 'fields[1]'],
  ],
  [
    'an aggregation',
    () =>
      parseAggregateBody(
        parseJson(
          '{"limit": 0, "filter": 1, "groupBy": ["x", "y"], "measures": [{"field": "z", "op": "min"}, 7]}',
        ),
      ),
    ['filter', 'limit', 'groupBy[0]', 'groupBy[1]', 'measures[0].field', 'measures[1]'],
  ],
  [
    'the sort of an aggregation',
    () => parseAggregateBody(parseJson('{"limit": 0, "sort": [{"field": "x"}, {"field": "y"}]}')),
    ['limit', 'sort[0].field', 'sort[1].field'],
  ],
  [
    'an export',
    () => parseExportQuery(new URLSearchParams('format=xls&nope=1&metadata.a[like]=1&sort=x&fields=y')),
    ['metadata.a[like]', 'sort[0]', 'nope', 'format', 'fields[0]'],
  ],
])('every fault of %s is listed', (_, parse, paths) => {
  const listed = problemsOf(parse);
  expect(listed).toEqual(paths.map((path) => [path, expect.any(String)]));
});

describe('parseExportQuery', () => {
  const parse = (query: string) => parseExportQuery(new URLSearchParams(query));

  it('reads filter, sort, fields, project and archived as a search does', () => {
    const request = parse(
      'format=csv&projectId=3&archived=true&sort=-trial.id&fields=trial.state,metadata.a',
    );
    expect(request).toMatchObject({ format: 'csv', trials: { projectId: 3, archived: true } });
    expect(request.sort).toHaveLength(1);
    expect(request.fields).toHaveLength(2);
  });

  it.each([
    ['', 'format', 'value_missing'],
    ['format=xls', 'format', 'value_not_accepted'],
    ['format=csv&format=csv', 'format', 'duplicate_parameter'],
    ['format=csv&limit=3', 'limit', 'unknown_property'],
    ['format=csv&projectId=x', 'projectId', 'value_not_accepted'],
    ['format=csv&fields=gpu', 'fields[0]', 'unknown_column'],
    ['format=csv&metadata.a[like]=1', 'metadata.a[like]', 'unknown_operator'],
  ])('refuses "%s"', (query, path, code) => {
    expect(problemsOf(() => parse(query))).toEqual([[path, code]]);
  });
});
