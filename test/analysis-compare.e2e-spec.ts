import type { CompareAnswer, CompareRequest, Filter } from 'nestjs-trial-metadata/client';
import {
  bootAnalysisHost,
  storeDocument,
  type AnalysisHost,
  type TrialName,
} from './support/analysis-trials.js';

type Comparison = Extract<CompareAnswer, { readonly fields: unknown }>;
type Summary = Extract<CompareAnswer, { readonly summary: unknown }>;

describe('POST /trials/compare', () => {
  let host: AnalysisHost;

  beforeAll(async () => {
    host = await bootAnalysisHost();
  });

  afterAll(() => host.close());

  function ids(...names: TrialName[]): number[] {
    return names.map((name) => host.ids[name]);
  }

  /** Compares value by value. */
  async function compare(request: CompareRequest, user = 'admin'): Promise<Comparison> {
    const answer = await host.as(user).client.compareTrials(request);
    if (!('fields' in answer)) throw new Error('The answer is a summary.');
    return answer;
  }

  /** Counts what there is. */
  async function summaryOf(request: CompareRequest, user = 'admin'): Promise<Summary['summary']> {
    const answer = await host.as(user).client.compareTrials(request);
    if (!('summary' in answer)) throw new Error('The answer is no summary.');
    return answer.summary;
  }

  async function refusal(body: object, user = 'admin') {
    const { status, body: problem, headers } = await host.as(user).send('POST', '/trials/compare', body);
    expect(headers.get('content-type')).toContain('application/problem+json');
    return { status, ...problem };
  }

  it('sets trials side by side, in the order asked for', async () => {
    const { trials, fields, truncated } = await compare({ trialIds: ids('slow', 'plain') });
    expect(trials).toEqual(
      ids('slow', 'plain').map((id) => ({
        id,
        experimentId: expect.any(Number),
        experimentName: 'resnet',
        projectId: host.projectId,
        state: 'COMPLETED',
        startTime: '2024-05-01T00:00:00.123Z',
        endTime: expect.stringMatching(/^2024-05-01T00:01:0/),
      })),
    );
    const [slow, plain] = ids('slow', 'plain');
    expect(fields).toEqual([
      {
        field: 'metadata.gpu',
        differs: false,
        values: [
          { trialId: slow, value: 'A100' },
          { trialId: plain, value: 'A100' },
        ],
      },
      {
        field: 'metadata.opts.lr',
        differs: true,
        values: [
          { trialId: slow, value: 0.2 },
          { trialId: plain, value: 0.1 },
        ],
      },
      {
        field: 'metadata.opts.tags',
        differs: true,
        values: [
          { trialId: slow, missing: true },
          { trialId: plain, value: ['a'] },
        ],
      },
      {
        field: 'metadata.runtime',
        differs: true,
        values: [
          { trialId: slow, value: 25.5 },
          { trialId: plain, value: 10 },
        ],
      },
    ]);
    expect(truncated).toBe(false);
  });

  it('takes numbers of one value for the same', async () => {
    expect((await compare({ trialIds: ids('plain', 'same'), onlyDifferences: true })).fields).toEqual([]);
  });

  it('tells missing, null and "" apart, with a baseline', async () => {
    const { baseline, fields } = await compare({
      trialIds: ids('nullGpu', 'emptyGpu', 'noGpu', 'bare'),
      baseline: host.ids.noGpu,
      fields: ['metadata.gpu'],
    });
    expect(baseline).toBe(host.ids.noGpu);
    expect(fields[0]?.values).toEqual([
      { trialId: host.ids.nullGpu, value: null, differs: true },
      { trialId: host.ids.emptyGpu, value: '', differs: true },
      { trialId: host.ids.noGpu, missing: true, differs: false },
      { trialId: host.ids.bare, missing: true, differs: false },
    ]);
  });

  it('shows values with every digit', async () => {
    const { text } = await host.post('/trials/compare', { trialIds: ids('noGpu') });
    expect(text).toContain('"value":9007199254740993');
  });

  it('compares columns when they are asked for', async () => {
    const { fields } = await compare({
      trialIds: ids('plain', 'bare'),
      fields: ['trial.state', 'trial.duration', 'metadata.x'],
    });
    expect(fields.map(({ field, differs }) => [field, differs])).toEqual([
      ['trial.state', true],
      ['trial.duration', true],
      ['metadata.x', false],
    ]);
    expect(fields[1]?.values[1]).toEqual({ trialId: host.ids.bare, missing: true });
  });

  it('compares below a field asked for, and shows the object where another trial has a string', async () => {
    const { fields } = await compare({ trialIds: ids('slow', 'mixed'), fields: ['metadata.opts'] });
    expect(fields).toMatchObject([
      { field: 'metadata.opts', values: [{ value: { lr: 0.2 } }, { value: 'none' }] },
      { field: 'metadata.opts.lr', values: [{ value: 0.2 }, { missing: true }] },
    ]);
  });

  it('selects by a filter, without archived trials unless asked for', async () => {
    const filter: Filter = { field: 'metadata.gpu', operator: 'is', value: 'A100' };
    const found = async (request: CompareRequest) => (await compare(request)).trials.map(({ id }) => id);
    expect(await found({ filter })).toEqual(ids('plain', 'same', 'slow'));
    expect(await found({ filter, archived: true })).toEqual(ids('plain', 'same', 'slow', 'archived'));
    expect(await found({ filter, projectId: host.secretProjectId })).toEqual([]);
  });

  it('takes an archived trial that is named', async () => {
    expect((await compare({ trialIds: ids('archived') })).trials).toHaveLength(1);
  });

  it('answers one 404 for a trial that is not there and for one that may not be seen', async () => {
    const unknown = await refusal({ trialIds: [...ids('plain'), 999_999] }, 'eve');
    expect(unknown).toMatchObject({ status: 404, code: 'trial_not_found' });
    expect(unknown.detail).toContain('999999');
    const unseen = await refusal({ trialIds: [...ids('plain'), host.ids.secret] }, 'eve');
    expect(unseen.status).toBe(404);
    expect(unseen.detail).toBe(unknown.detail.replace('999999', String(host.ids.secret)));
  });

  it('refuses a baseline that is not among the trials, seen or not, in the same words', async () => {
    const filter: Filter = { field: 'metadata.gpu', operator: 'is', value: 'A100' };
    const of = async (baseline: number) => refusal({ filter, baseline }, 'eve');
    const outside = await of(host.ids.mixed);
    expect(outside).toMatchObject({ status: 400, errors: [{ path: 'baseline' }] });
    const unseen = await of(host.ids.secret);
    expect(unseen.detail).toBe(outside.detail.replace(String(host.ids.mixed), String(host.ids.secret)));
  });

  it('summarizes a set: how many trials have a field, and how many values there are', async () => {
    const summary = await summaryOf({ projectId: host.projectId, summary: true });
    expect(summary).toEqual({
      trials: 8,
      fields: [
        {
          field: 'metadata.gpu',
          differs: true,
          trials: 6,
          missing: 2,
          distinct: 4,
          types: ['null', 'string'],
        },
        {
          field: 'metadata.opts',
          differs: true,
          trials: 4,
          missing: 4,
          distinct: 3,
          types: ['object', 'string'],
        },
        { field: 'metadata.opts.lr', differs: true, trials: 3, missing: 5, distinct: 2, types: ['number'] },
        { field: 'metadata.opts.tags', differs: true, trials: 2, missing: 6, distinct: 1, types: ['array'] },
        {
          field: 'metadata.runtime',
          differs: true,
          trials: 7,
          missing: 1,
          distinct: 6,
          types: ['null', 'number', 'string'],
        },
      ],
      truncated: false,
    });
  });

  it('puts what differs first, and names a field that no trial has', async () => {
    const summary = await summaryOf({
      trialIds: ids('plain', 'slow'),
      summary: true,
      fields: ['metadata.gpu', 'metadata.runtime', 'metadata.nope', 'trial.number', 'trial.state'],
    });
    expect(summary.fields).toEqual([
      { field: 'trial.number', differs: true, trials: 2, missing: 0, distinct: 2, types: ['number'] },
      { field: 'metadata.runtime', differs: true, trials: 2, missing: 0, distinct: 2, types: ['number'] },
      { field: 'trial.state', differs: false, trials: 2, missing: 0, distinct: 1, types: ['string'] },
      { field: 'metadata.gpu', differs: false, trials: 2, missing: 0, distinct: 1, types: ['string'] },
      { field: 'metadata.nope', differs: false, trials: 0, missing: 2, distinct: 0, types: [] },
    ]);
  });

  it('counts nothing of a project that the user may not see', async () => {
    const summary = await summaryOf({ summary: true }, 'eve');
    expect(summary.trials).toBe(8);
    expect(JSON.stringify(summary)).not.toContain('codename');
    expect(await summaryOf({ summary: true, projectId: host.secretProjectId }, 'eve')).toEqual({
      trials: 0,
      fields: [],
      truncated: false,
    });
  });

  describe('over more than 200 trials', () => {
    let projectId: number;

    beforeAll(async () => {
      projectId = Number(
        await host.value(
          `INSERT INTO projects (name, created_at) VALUES ('public many', now()) RETURNING id`,
        ),
      );
      await host.dataSource.query(
        `WITH experiment AS (INSERT INTO experiments (project_id, name) VALUES ($1, 'many') RETURNING id),
              trial AS (INSERT INTO trials (experiment_id, number) SELECT id, n FROM experiment, generate_series(1, 201) AS n
                        RETURNING id, number)
         INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
         SELECT id, jsonb_build_object('a', number % 3, 'same', 1), 1, now() FROM trial`,
        [projectId],
      );
    });

    it('summarizes unasked', async () => {
      const summary = await summaryOf({ projectId });
      expect(summary).toEqual({
        trials: 201,
        fields: [
          { field: 'metadata.a', differs: true, trials: 201, missing: 0, distinct: 3, types: ['number'] },
          { field: 'metadata.same', differs: false, trials: 201, missing: 0, distinct: 1, types: ['number'] },
        ],
        truncated: false,
      });
    });

    it('compares 200 of them value by value', async () => {
      const filter: Filter = { field: 'trial.number', operator: 'lte', value: 200 };
      const { fields } = await compare({ projectId, filter, fields: ['metadata.a'] });
      expect(fields[0]?.values).toHaveLength(200);
    });

    it('refuses a baseline', async () => {
      const first = Number(
        await host.value(`SELECT min(id) FROM trials WHERE number = 1 AND id > $1`, [host.ids.secret]),
      );
      expect(await refusal({ projectId, baseline: first })).toMatchObject({
        status: 400,
        errors: [{ path: 'baseline', code: 'too_many_trials', limit: 200 }],
      });
    });
  });

  it('finds fields however deep they lie', async () => {
    const trial = Number(
      await host.value(`INSERT INTO trials (experiment_id) SELECT min(id) FROM experiments RETURNING id`),
    );
    await storeDocument(
      host,
      trial,
      '{"a": {"b": {"c": {"d": {"e": 1, "f": {}}}, "l": [{"x": 1}]}}, "a.b": 0}',
    );
    const fieldsOf = (found: readonly { field: string }[]) => found.map(({ field }) => field);
    const expected = ['metadata.a.b.c.d.e', 'metadata.a.b.c.d.f', 'metadata.a.b.l'];
    const fields = ['metadata.a'];
    expect(fieldsOf((await compare({ trialIds: [trial], fields })).fields)).toEqual(expected);
    const summary = await summaryOf({ trialIds: [trial], fields, summary: true });
    expect(fieldsOf(summary.fields)).toEqual(expected);
    const whole = await summaryOf({ trialIds: [trial], summary: true });
    expect(fieldsOf(whole.fields)).toEqual([...expected, 'metadata."a.b"']);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [trial]);
  });

  it.each(['__proto__', 'a.b', '', 'a "b"', '😀', '0', '[x]', 'línea'])(
    'compares the key %j',
    async (key) => {
      const trial = await host.value(
        `INSERT INTO trials (experiment_id) SELECT min(id) FROM experiments RETURNING id`,
      );
      const document = `{${JSON.stringify(key)}: {${JSON.stringify(key)}: 1}}`;
      await host.dataSource.query(
        `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at) VALUES ($1, $2::jsonb, 1, now())`,
        [trial, document],
      );
      const { fields } = await compare({ trialIds: [Number(trial)] });
      const summary = await summaryOf({
        trialIds: [Number(trial)],
        summary: true,
        fields: [fields[0]!.field],
      });
      expect(summary.fields).toEqual([
        { field: fields[0]?.field, differs: false, trials: 1, missing: 0, distinct: 1, types: ['number'] },
      ]);
      await host.dataSource.query('DELETE FROM trials WHERE id = $1', [trial]);
    },
  );
});
