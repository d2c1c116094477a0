import { randomBytes } from 'node:crypto';
import type { AggregateRequest, Filter } from 'nestjs-trial-metadata/client';
import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';
import { aggregate, expectFiltersToSelect } from './support/aggregate.js';
import { recordStatements } from './support/record-statements.js';

/** Reported before the groups are asked for; undefined for a trial that nothing is reported of. */
const DOCUMENTS: readonly (object | undefined)[] = [
  { gpu: 'A100', cuda: '12.1', runtime: 10, seconds: 1, 'a.b': { 'c d': 'x' } },
  { gpu: 'A100', cuda: '11.8', runtime: 12.5, seconds: '2', 'a.b': { 'c d': 'y' } },
  { gpu: 'H100', cuda: '12.1', runtime: 1e-7, seconds: null },
  { gpu: 'H100', runtime: 9, 'a.b': 'no object' },
  { gpu: '', cuda: 'null', runtime: -0 },
  { gpu: 'null', 'a.b': { 'c d': 'x' } },
  { runtime: 30 },
  {},
  undefined,
  undefined,
];

const RUNTIME = (['count', 'min', 'max', 'mean', 'median', 'p95'] as const).map((op) => ({
  field: 'metadata.runtime',
  op,
}));

describe('the ways by which groups are made', () => {
  let host: ExperimentsHost;
  let projectId: number;
  let experiments: readonly number[];
  let sent: string[];

  beforeAll(async () => {
    host = await bootExperimentsHost();
    projectId = (await host.post('/projects', { name: 'public' })).body.project.id;
    const made: number[] = [];
    for (const name of ['kept', 'archived'])
      made.push((await host.post('/experiments', { name, projectId })).body.experiment.id);
    experiments = made;
    for (const experimentId of experiments)
      for (const document of DOCUMENTS) await add(experimentId, document);
    // Of either experiment one with a document and one without.
    await host.dataSource.query('UPDATE trials SET archived = true WHERE number IN (1, $1)', [
      DOCUMENTS.length,
    ]);
    await host.dataSource.query('UPDATE experiments SET archived = true WHERE id = $1', [experiments[1]]);
    sent = recordStatements(host.dataSource);
  });

  afterAll(() => host.close());

  async function add(experimentId: number, document: object | undefined): Promise<number> {
    const number = Number(
      await host.value('SELECT count(*) + 1 FROM trials WHERE experiment_id = $1', [experimentId]),
    );
    const id = Number(
      await host.value('INSERT INTO trials (experiment_id, number) VALUES ($1, $2) RETURNING id', [
        experimentId,
        number,
      ]),
    );
    if (document !== undefined) await host.client.reportMetadata(id, document as never);
    return id;
  }

  /** Keeps what is reported from being counted. */
  async function holdCounter(): Promise<{ release(): Promise<void> }> {
    const counter = host.dataSource.createQueryRunner();
    await counter.startTransaction();
    await counter.query('LOCK TABLE trial_metadata_fields IN SHARE ROW EXCLUSIVE MODE');
    return {
      release: async () => {
        await counter.rollbackTransaction();
        await counter.release();
        // Counts what waits.
        await host.send('GET', '/metadata/fields');
      },
    };
  }

  /** The statement by which a request made its groups. */
  async function statementOf(request: AggregateRequest): Promise<string> {
    sent.length = 0;
    await aggregate(host, request);
    const [statement, ...others] = sent.filter((text) => text.includes('AS "row"'));
    expect(others).toEqual([]);
    return statement ?? '';
  }

  const gpu = (operator: string, value?: unknown) =>
    ({ field: 'metadata.gpu', operator, ...(value === undefined ? {} : { value }) }) as Filter;
  const REQUESTS: readonly [string, AggregateRequest][] = [
    ['a field of strings', { groupBy: ['metadata.gpu'], measures: RUNTIME }],
    ['two fields', { groupBy: ['metadata.gpu', 'metadata.cuda'], measures: RUNTIME }],
    ['a field below a key with a dot', { groupBy: ['metadata."a.b"."c d"'] }],
    ['a field of numbers', { groupBy: ['metadata.runtime'] }],
    ['a field that nothing has', { groupBy: ['metadata.nothing'], measures: RUNTIME }],
    ['no field', { measures: RUNTIME }],
    [
      'values that are no numbers',
      { groupBy: ['metadata.gpu'], measures: [{ field: 'metadata.seconds', op: 'mean' }] },
    ],
    [
      'groups by their name',
      { groupBy: ['metadata.gpu'], sort: [{ field: 'metadata.gpu', direction: 'desc' }] },
    ],
    ['the first groups', { groupBy: ['metadata.gpu'], limit: 2 }],
    [
      'a filter that trials without metadata meet',
      { filter: gpu('isNot', 'A100'), groupBy: ['metadata.cuda'] },
    ],
    [
      'a filter on documents',
      { filter: gpu('contains', '100'), groupBy: ['metadata.cuda'], measures: RUNTIME },
    ],
    [
      'a filter on the trial',
      { filter: { field: 'trial.id', operator: 'gt', value: 3 }, groupBy: ['metadata.gpu'] },
    ],
    [
      'a filter that nothing meets',
      { filter: gpu('is', 'abacus'), groupBy: ['metadata.gpu'], measures: RUNTIME },
    ],
  ];

  describe.each([false, true])('with archived: %s', (archived) => {
    it.each(REQUESTS)('%s: as many by documents alone as by trials', async (_, request) => {
      const byTrials = await aggregate(host, { ...request, archived, projectId });
      const byDocuments = await aggregate(host, { ...request, archived });
      expect(byDocuments).toEqual(byTrials);
      await expectFiltersToSelect(host, byDocuments.groups, { archived });
    });
  });

  it('counts the trials without a document without reading them', async () => {
    const { groups } = await aggregate(host, { groupBy: ['metadata.gpu'] });
    expect(groups.map(({ key, count }) => [key['metadata.gpu'], count])).toEqual([
      // Of ten trials two are archived: one with A100, and one of the two without a document.
      [null, 3],
      ['H100', 2],
      ['', 1],
      ['A100', 1],
      ['null', 1],
    ]);
    const request: AggregateRequest = { groupBy: ['metadata.gpu'], measures: RUNTIME };
    expect(await statementOf(request)).not.toContain('LEFT JOIN');
    expect(await statementOf({ ...request, projectId })).toContain('LEFT JOIN');
    expect(await statementOf({ ...request, groupBy: ['trial.state'] })).toContain('LEFT JOIN');
  });

  it('asks the trials for one who sees only some, and where counts are not used', async () => {
    const request: AggregateRequest = { groupBy: ['metadata.gpu'], measures: RUNTIME };
    const all = await aggregate(host, request);
    sent.length = 0;
    expect(await aggregate(host, request, 'eve')).toEqual(all);
    expect(sent.find((text) => text.includes('AS "row"'))).toContain('LEFT JOIN');
    const hidden = (await host.post('/projects', { name: 'secret' })).body.project.id;
    const { experiment } = (await host.post('/experiments', { name: 'hidden', projectId: hidden })).body;
    const id = await add(experiment.id, { gpu: 'TPU' });
    expect(await aggregate(host, request, 'eve')).toEqual(all);
    expect(JSON.stringify(await aggregate(host, request))).toContain('TPU');
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
    const uncounted = await bootExperimentsHost({ valueSummaries: false });
    const statements = recordStatements(uncounted.dataSource);
    await aggregate(uncounted, request);
    expect(statements.find((text) => text.includes('AS "row"'))).toContain('LEFT JOIN');
    await uncounted.close();
  });

  it('asks the trials when many are archived', async () => {
    const request: AggregateRequest = { groupBy: ['metadata.gpu'], measures: RUNTIME };
    const few = await aggregate(host, request);
    await host.dataSource.query(
      'INSERT INTO trials (experiment_id, number, archived) SELECT $1, 1000, true FROM generate_series(1, 25001)',
      [experiments[0]],
    );
    expect(await statementOf(request)).toContain('LEFT JOIN');
    expect(await aggregate(host, request)).toEqual(few);
    await host.dataSource.query('DELETE FROM trials WHERE number = 1000');
  });

  it.each([
    ['many reports wait', 201, 0],
    ['large ones wait', 8, 16],
  ])('takes no type for known while %s to be counted', async (_, count, texts) => {
    const request: AggregateRequest = { groupBy: ['metadata.cuda'], measures: RUNTIME };
    expect(await statementOf(request)).toContain('to_jsonb("k0")');
    const counter = await holdCounter();
    const rows: readonly { id: string }[] = await host.dataSource.query(
      'INSERT INTO trials (experiment_id, number) SELECT $1, 1000 FROM generate_series(1, $2::integer) RETURNING id',
      [experiments[0], count],
    );
    // Of 12 kB each, which do not compress.
    const noise = Array.from({ length: texts }, () => randomBytes(9_000).toString('base64'));
    for (const { id } of rows) await host.client.reportMetadata(Number(id), { cuda: '12.1', noise });
    expect(await statementOf(request)).not.toContain('to_jsonb("k0")');
    await counter.release();
    await host.dataSource.query('DELETE FROM trials WHERE number = 1000');
  });

  it('makes one group of all trials while none has metadata', async () => {
    const empty = await bootExperimentsHost();
    const made = (await empty.post('/projects', { name: 'public' })).body.project.id;
    const { experiment } = (await empty.post('/experiments', { name: 'bare', projectId: made })).body;
    const request: AggregateRequest = { groupBy: ['metadata.gpu'], measures: RUNTIME };
    expect((await aggregate(empty, request)).groups).toEqual([]);
    await empty.dataSource.query('INSERT INTO trials (experiment_id) SELECT $1 FROM generate_series(1, 3)', [
      experiment.id,
    ]);
    expect((await aggregate(empty, request)).groups).toMatchObject([
      { key: { 'metadata.gpu': null }, missing: ['metadata.gpu'], count: 3 },
    ]);
    await empty.close();
  });

  it('keeps a text and a number apart from the first report of the other on', async () => {
    const request: AggregateRequest = { groupBy: ['metadata.cuda'], measures: RUNTIME };
    expect(await statementOf(request)).toContain('to_jsonb("k0")');
    const counter = await holdCounter();
    const [experimentId] = experiments;
    const ids = [];
    for (const cuda of [12.1, null, true, 'true'])
      ids.push(await add(experimentId!, { cuda, runtime: 'none' }));
    expect(await statementOf(request)).not.toContain('to_jsonb("k0")');
    const { groups } = await aggregate(host, request);
    const keys = groups.map(({ key, missing }) => (missing === undefined ? key['metadata.cuda'] : undefined));
    expect(new Set(keys)).toEqual(new Set(['12.1', 12.1, '11.8', 'null', null, true, 'true', undefined]));
    expect(groups.filter(({ skipped }) => skipped !== undefined)).toHaveLength(4);
    await counter.release();
    await expectFiltersToSelect(host, groups);
    await host.dataSource.query('DELETE FROM trials WHERE id = ANY ($1)', [ids]);
  });
});
