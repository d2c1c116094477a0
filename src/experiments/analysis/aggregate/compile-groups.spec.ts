import {
  formatField,
  matchingTrials,
  parseJson,
  trustedSql,
  type JsonType,
} from '../../../metadata/index.js';
import { TRIAL_SOURCE } from '../../search/trial-source.js';
import { parseAggregateBody } from './aggregate-request.js';
import { compileGroups, type GroupedTrials } from './compile-groups.js';

function compile(body: string, types: Readonly<Record<string, readonly JsonType[]>> = {}) {
  const request = parseAggregateBody(parseJson(body));
  const tables = { metadata: trustedSql('"trial_metadata"') };
  const { filter } = request.trials;
  const trials = matchingTrials({ source: TRIAL_SOURCE, tables, filter });
  const typesOf: GroupedTrials['typesOf'] = (field) => new Set(types[formatField(field)]);
  return compileGroups(request, { ...trials, typesOf }).toPositional();
}

describe('compileGroups', () => {
  it('groups one row a trial', () => {
    const { text, values } = compile(`{"groupBy": ["metadata.gpu"], "limit": 5,
      "measures": [{"field": "metadata.x", "op": "mean"}, {"field": "metadata.x", "op": "max"}]}`);
    expect(text).toBe(
      'SELECT ("k0")::text AS "v0", ("count")::text AS "v1", ("a0")::text AS "v2", ("a1")::text AS "v3", ("s0")::text AS "v4"' +
        ' FROM (SELECT "k0", count(*) AS "count", trim_scale(avg("n0")) AS "a0", max("n0") AS "a1", count(*) FILTER (WHERE "x0") AS "s0"' +
        ` FROM (SELECT "k0", CASE WHEN jsonb_typeof("v0") = 'number' THEN "v0"::numeric END AS "n0", jsonb_typeof("v0") <> 'number' AS "x0"` +
        ' FROM (SELECT ("trial_metadata"."metadata" -> $1::text) AS "k0", ("trial_metadata"."metadata" -> $2::text) AS "v0"' +
        ' FROM "trials" AS "trial" LEFT JOIN "trial_metadata" AS "trial_metadata" ON "trial_metadata"."trial_id" = "trial"."id"' +
        ' WHERE (true) AND (true) UNION ALL SELECT NULL::jsonb, NULL::jsonb WHERE false) AS "value") AS "row" GROUP BY "k0") AS "group"' +
        ' WHERE "count" > 0 ORDER BY "count" DESC NULLS LAST, "k0" ASC NULLS LAST LIMIT $3::bigint',
    );
    expect(values).toEqual(['gpu', 'x', 6]);
  });

  it('sorts the numbers of a group once for each quantile, wherever it stands', () => {
    const { text, values } = compile('{"measures": [{"field": "metadata.x", "op": "p95"}]}');
    const aggregates = new Set(text.match(/percentile_disc\([^)]*\) WITHIN GROUP \([^)]*\)/g));
    expect(aggregates).toEqual(
      new Set(['percentile_disc($1::text[]::float8[]) WITHIN GROUP (ORDER BY "n0")']),
    );
    expect(values).toHaveLength(3);
  });

  it('tells texts apart as texts, and counts what is no number only where there may be such', () => {
    const body = `{"groupBy": ["metadata.gpu"], "measures": [{"field": "metadata.x", "op": "max"}]}`;
    const { text } = compile(body, { 'metadata.gpu': ['string'], 'metadata.x': ['number'] });
    expect(text).toContain('->> $1::text) AS "k0"');
    expect(text).toContain('to_jsonb("k0") AS "k0"');
    expect(text).toContain('0 AS "s0"');
    const mixed = compile(body, { 'metadata.gpu': ['string', 'null'], 'metadata.x': ['number', 'string'] });
    expect(mixed.text).not.toContain('->>');
    expect(mixed.text).toContain('FILTER (WHERE "x0") AS "s0"');
  });

  it('makes no group of nothing', () => {
    expect(compile('{}').text).toContain('WHERE "count" > 0');
  });
});
