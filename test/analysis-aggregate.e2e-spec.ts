import type { AggregateRequest, Filter } from 'nestjs-trial-metadata/client';
import { aggregate, expectFiltersToSelect } from './support/aggregate.js';
import { bootAnalysisHost, storeDocument, type AnalysisHost } from './support/analysis-trials.js';

type Op = NonNullable<AggregateRequest['measures']>[number]['op'];

describe('POST /trials/aggregate', () => {
  let host: AnalysisHost;

  beforeAll(async () => {
    host = await bootAnalysisHost();
  });

  afterAll(() => host.close());

  const RUNTIME = 'metadata.runtime';
  const measures = (field: string, ...ops: readonly Op[]) => ops.map((op) => ({ field, op }));

  it('groups by a field and names the trials without it', async () => {
    const { groups, truncated } = await aggregate(host, {
      projectId: host.projectId,
      groupBy: ['metadata.gpu'],
      measures: measures(RUNTIME, 'count', 'mean'),
    });
    expect(truncated).toBe(false);
    expect(groups.map(({ filter: _, ...group }) => group)).toEqual([
      {
        key: { 'metadata.gpu': 'A100' },
        count: 3,
        values: { 'count(metadata.runtime)': 3, 'mean(metadata.runtime)': 15.166666666666666 },
      },
      {
        key: { 'metadata.gpu': null },
        missing: ['metadata.gpu'],
        count: 2,
        values: { 'count(metadata.runtime)': 1, 'mean(metadata.runtime)': 9007199254740992 },
      },
      {
        key: { 'metadata.gpu': null },
        count: 1,
        values: { 'count(metadata.runtime)': 1, 'mean(metadata.runtime)': 30 },
      },
      {
        key: { 'metadata.gpu': '' },
        count: 1,
        values: { 'count(metadata.runtime)': 0, 'mean(metadata.runtime)': null },
        skipped: { 'metadata.runtime': 1 },
      },
      {
        key: { 'metadata.gpu': 'H100' },
        count: 1,
        values: { 'count(metadata.runtime)': 0, 'mean(metadata.runtime)': null },
        skipped: { 'metadata.runtime': 1 },
      },
    ]);
    await expectFiltersToSelect(host, groups, { projectId: host.projectId });
  });

  it('writes a filter that says what the group is', async () => {
    const { groups } = await aggregate(host, {
      filter: { field: RUNTIME, operator: 'gt', value: 10 },
      groupBy: ['metadata.gpu'],
      projectId: host.projectId,
    });
    expect(groups.map(({ filter }) => filter)).toEqual([
      {
        and: [
          { field: RUNTIME, operator: 'gt', value: 10 },
          { field: 'metadata.gpu', operator: 'is', value: null },
        ],
      },
      {
        and: [
          { field: RUNTIME, operator: 'gt', value: 10 },
          { field: 'metadata.gpu', operator: 'is', value: 'A100' },
        ],
      },
      {
        and: [
          { field: RUNTIME, operator: 'gt', value: 10 },
          { field: 'metadata.gpu', operator: 'isMissing' },
        ],
      },
    ]);
    await expectFiltersToSelect(host, groups, { projectId: host.projectId });
  });

  it('computes with every digit', async () => {
    const documents = ['9007199254740993', '9007199254740995', '0.1000000000000000055'];
    const experiment = await host.value(`SELECT min(id) FROM experiments`);
    const ids: number[] = [];
    for (const number of documents) {
      const id = Number(
        await host.value(`INSERT INTO trials (experiment_id) VALUES ($1) RETURNING id`, [experiment]),
      );
      await storeDocument(host, id, `{"exact": ${number}, "precise": true}`);
      ids.push(id);
    }
    const body = {
      filter: { field: 'metadata.precise', operator: 'exists' },
      measures: measures('metadata.exact', 'min', 'max', 'median'),
    };
    const { text } = await host.post('/trials/aggregate', body);
    expect(text).toContain('"min(metadata.exact)":0.1000000000000000055');
    expect(text).toContain('"max(metadata.exact)":9007199254740995');
    expect(text).toContain('"median(metadata.exact)":9007199254740993');
    const two = { ...body, filter: { field: 'metadata.exact', operator: 'gt', value: 1 } };
    expect((await host.post('/trials/aggregate', two)).text).toContain(
      '"median(metadata.exact)":9007199254740994',
    );
    await host.dataSource.query('DELETE FROM trials WHERE id = ANY ($1)', [ids]);
  });

  it('takes the sample standard deviation, null for a single value', async () => {
    const of = async (filter: Filter) => {
      const body: AggregateRequest = {
        filter,
        projectId: host.projectId,
        measures: measures(RUNTIME, 'stddev', 'p95', 'median', 'p25', 'p75'),
      };
      return (await aggregate(host, body)).groups[0]?.values;
    };
    expect(await of({ field: RUNTIME, operator: 'in', value: [10, 25.5] })).toEqual({
      'stddev(metadata.runtime)': expect.closeTo(8.948929, 6),
      'p95(metadata.runtime)': 23.95,
      'median(metadata.runtime)': 10,
      'p25(metadata.runtime)': 10,
      'p75(metadata.runtime)': 17.75,
    });
    expect(await of({ field: RUNTIME, operator: 'is', value: 30 })).toEqual({
      'stddev(metadata.runtime)': null,
      'p95(metadata.runtime)': 30,
      'median(metadata.runtime)': 30,
      'p25(metadata.runtime)': 30,
      'p75(metadata.runtime)': 30,
    });
  });

  it('makes one group of all without groupBy, and none of nothing', async () => {
    const all = await aggregate(host, { projectId: host.projectId, measures: measures(RUNTIME, 'max') });
    expect(all.groups).toMatchObject([{ key: {}, count: 8, skipped: { 'metadata.runtime': 2 } }]);
    const filter: Filter = { field: 'metadata.gpu', operator: 'is', value: 'abacus' };
    expect((await aggregate(host, { filter, measures: measures(RUNTIME, 'median') })).groups).toEqual([]);
    expect((await aggregate(host, { filter })).groups).toEqual([]);
  });

  it('groups by columns, objects and instants, with filters that select just these trials', async () => {
    const groupBys = [
      ['trial.state', 'experiment.name', 'metadata.gpu'],
      ['metadata.opts'],
      ['trial.startTime'],
      ['trial.endTime'],
      ['trial.archived', 'trial.duration'],
      ['experiment.labels', 'project.name'],
    ];
    for (const groupBy of groupBys) {
      const { groups } = await aggregate(host, { groupBy, archived: true });
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(10);
      await expectFiltersToSelect(host, groups, { archived: true });
    }
  });

  it('measures columns that are numbers', async () => {
    const { groups } = await aggregate(host, {
      projectId: host.projectId,
      groupBy: ['trial.state'],
      measures: measures('trial.duration', 'max', 'count'),
    });
    expect(groups.map(({ key, values }) => [key['trial.state'], values])).toEqual([
      ['COMPLETED', { 'max(trial.duration)': 67, 'count(trial.duration)': 7 }],
      ['RUNNING', { 'max(trial.duration)': null, 'count(trial.duration)': 0 }],
    ]);
  });

  it('sorts by a measure and says when there are more groups', async () => {
    const body: AggregateRequest = {
      projectId: host.projectId,
      groupBy: ['metadata.gpu'],
      measures: measures(RUNTIME, 'max'),
      sort: [{ field: 'max(metadata.runtime)', direction: 'desc' }],
      limit: 2,
    };
    const { groups, truncated } = await aggregate(host, body);
    expect(groups.map(({ values }) => values['max(metadata.runtime)'])).toEqual([9007199254740992, 30]);
    expect(truncated).toBe(true);
    const last = await aggregate(host, { ...body, limit: 5 });
    expect(last.truncated).toBe(false);
    expect(last.groups.slice(3).map(({ values }) => values['max(metadata.runtime)'])).toEqual([null, null]);
  });

  it('has no filter for a group whose text is longer than a filter may hold', async () => {
    const experiment = await host.value(`SELECT min(id) FROM experiments`);
    const id = Number(
      await host.value(`INSERT INTO trials (experiment_id) VALUES ($1) RETURNING id`, [experiment]),
    );
    await storeDocument(host, id, JSON.stringify({ log: 'x'.repeat(1001) }));
    const filter: Filter = { field: 'metadata.log', operator: 'exists' };
    const { groups } = await aggregate(host, { filter, groupBy: ['metadata.log'] });
    expect(groups).toMatchObject([{ count: 1, filter: null }]);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
  });

  it('gives filters that can be sent even when the request nests as deep as it may', async () => {
    let filter: Filter = { field: RUNTIME, operator: 'exists' };
    for (let depth = 0; depth < 31; depth++) filter = { not: filter };
    const nested = await aggregate(host, { filter, groupBy: ['trial.state'] });
    await expectFiltersToSelect(host, nested.groups);
    filter = { not: filter };
    expect((await aggregate(host, { filter, groupBy: ['trial.state'] })).groups[0]?.filter).toBeNull();
  });

  it('answers 400 for numbers that numeric cannot compute with', async () => {
    const experiment = await host.value(`SELECT min(id) FROM experiments`);
    const ids: number[] = [];
    for (const huge of ['9e131071', '8e131071']) {
      const id = Number(
        await host.value(`INSERT INTO trials (experiment_id) VALUES ($1) RETURNING id`, [experiment]),
      );
      await storeDocument(host, id, `{"huge": ${huge}}`);
      ids.push(id);
    }
    const huge = aggregate(host, { measures: measures('metadata.huge', 'stddev', 'mean') });
    await expect(huge).rejects.toMatchObject({
      status: 400,
      errors: [{ path: 'measures', code: 'number_out_of_range' }],
    });
    await host.dataSource.query('DELETE FROM trials WHERE id = ANY ($1)', [ids]);
  });

  it('counts no trial of a project that the user may not see', async () => {
    const { groups } = await aggregate(host, { groupBy: ['metadata.gpu', 'project.name'] }, 'eve');
    expect(JSON.stringify(groups)).not.toMatch(/TPU|secret/);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(8);
    const hidden = { groupBy: ['metadata.codename'], projectId: host.secretProjectId };
    expect((await aggregate(host, hidden, 'eve')).groups).toEqual([]);
  });

  it('takes any key', async () => {
    const experiment = await host.value(`SELECT min(id) FROM experiments`);
    const id = Number(
      await host.value(`INSERT INTO trials (experiment_id) VALUES ($1) RETURNING id`, [experiment]),
    );
    await storeDocument(host, id, '{"__proto__": {"a.b \\"c\\"": {"": 5}}}');
    const field = String.raw`metadata.__proto__."a.b \"c\"".""`;
    const { groups } = await aggregate(host, {
      filter: { field, operator: 'exists' },
      groupBy: [field],
      measures: measures(field, 'p95'),
    });
    expect(groups).toMatchObject([{ key: { [field]: 5 }, values: { [`p95(${field})`]: 5 } }]);
    await expectFiltersToSelect(host, groups);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
  });

  it('computes the quantiles of any number of values as linear interpolation does', async () => {
    const experiment = await host.value(`SELECT min(id) FROM experiments`);
    await host.dataSource.query(
      `WITH trial AS (INSERT INTO trials (experiment_id, number)
         SELECT $1, n
           FROM (SELECT generate_series(1, 48) UNION ALL SELECT unnest($2::integer[])) AS sizes (size),
                generate_series(1000 * size + 1, 1000 * size + size) AS n
         RETURNING id, number)
       INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
       SELECT id, jsonb_build_object('size', number / 1000, 'x', (number::bigint * 7919) % 104729), 1, now() FROM trial`,
      [experiment, [127, 128, 129, 130, 255, 256, 257, 258, 511, 512, 513, 514, 998, 999]],
    );
    const { groups } = await aggregate(host, {
      filter: { field: 'metadata.size', operator: 'exists' },
      groupBy: ['metadata.size'],
      measures: measures('metadata.x', 'median', 'p95', 'p25', 'p75'),
    });
    expect(groups).toHaveLength(62);
    const expected: readonly { size: number; values: number[] }[] = await host.dataSource.query(
      `SELECT (metadata ->> 'size')::integer AS size,
              percentile_cont('{0.5, 0.95, 0.25, 0.75}'::float8[])
                WITHIN GROUP (ORDER BY (metadata ->> 'x')::float8) AS values
         FROM trial_metadata WHERE metadata ? 'size' GROUP BY 1 ORDER BY 1 DESC`,
    );
    expect(groups.map(({ key, values }) => [key['metadata.size'], ...Object.values(values)])).toEqual(
      expected.map(({ size, values }) => [size, ...values.map((value) => expect.closeTo(value, 6))]),
    );
    await host.dataSource.query('DELETE FROM trials WHERE number > 1000');
  });
});
