import type { Condition, Filter, Metadata, SearchRequest, SortKey } from 'nestjs-trial-metadata/client';
import { bootMaster, type TestMaster } from './support/index.js';

/** One trial of the named set: why it is there is its name. */
const TRIALS = {
  a100: { metadata: { hardware: { gpu: 'NVIDIA A100' }, runtime: 30, step: '8', 'lr.schedule': 'cosine' } },
  h100: { metadata: { hardware: { gpu: 'NVIDIA H100' }, runtime: 10, step: '16' } },
  exact: { metadata: { hardware: { gpu: 'NVIDIA A100' }, runtime: 20, big: 1 } },
  withoutRuntime: { metadata: { hardware: { gpu: 'T4' }, step: 'none' } },
  withoutMetadata: {},
} as const;
type Name = keyof typeof TRIALS;

describe('searching trials and experiments', () => {
  let master: TestMaster;
  let projectId: number;
  const ids = {} as Record<Name, number>;
  const experiments: number[] = [];

  beforeAll(async () => {
    master = await bootMaster();
    const { client } = master;
    projectId = (await client.call('createProject', { body: { name: 'search' } })).project.id;
    for (const name of ['first', 'second', 'empty', 'shelved']) {
      const { experiment } = await client.call('createExperiment', { body: { name, projectId } });
      experiments.push(experiment.id);
    }
    const newTrial = async (experimentId: number, metadata?: Metadata): Promise<number> => {
      const { trial } = await client.call('createTrial', { path: { experimentId }, body: {} });
      if (metadata) await client.reportMetadata(trial.id, metadata);
      return trial.id;
    };
    const names = Object.keys(TRIALS) as Name[];
    for (const [index, name] of names.entries()) {
      const trial: { metadata?: Metadata } = TRIALS[name];
      ids[name] = await newTrial(experiments[index < 3 ? 0 : 1]!, trial.metadata);
    }
    const experimentId = experiments[3]!;
    await newTrial(experimentId, { shelved: true });
    await client.call('changeExperiment', { path: { experimentId }, body: { archived: true } });
  }, 60_000);

  afterAll(() => master.close());

  const search = (request: SearchRequest) => master.client.searchTrials({ projectId, ...request });
  const searchExperiments = (request: SearchRequest) =>
    master.client.searchExperiments({ projectId, ...request });
  const namesOf = (items: readonly { id: number }[]) =>
    items.map(({ id }) => Object.keys(ids).find((name) => ids[name as Name] === id));

  it('answers an item as the contract says', async () => {
    const { items, total, next } = await search({ filter: { field: 'metadata.big', operator: 'exists' } });
    expect(items).toEqual([
      {
        id: ids.exact,
        experimentId: experiments[0],
        experimentName: 'first',
        projectId,
        state: 'ACTIVE',
        startTime: expect.any(String),
        endTime: null,
        metadata: TRIALS.exact.metadata,
      },
    ]);
    expect(total).toEqual({ value: 1, relation: 'eq' });
    expect(next).toBeNull();
  });

  it('sorts with missing values last in both directions and ties by id', async () => {
    const sorted = async (direction: 'asc' | 'desc') =>
      namesOf((await search({ sort: [{ field: 'metadata.runtime', direction }] })).items);
    expect(await sorted('asc')).toEqual(['h100', 'exact', 'a100', 'withoutRuntime', 'withoutMetadata']);
    expect(await sorted('desc')).toEqual(['a100', 'exact', 'h100', 'withoutRuntime', 'withoutMetadata']);
  });

  it('walks pages of one to the same order as a single page, while trials are written', async () => {
    const sort: readonly SortKey[] = [{ field: 'metadata.hardware.gpu', direction: 'desc' }];
    const whole = namesOf((await search({ sort })).items);
    const walked: unknown[] = [];
    for await (const trial of master.client.eachTrial({ projectId, sort, limit: 1 })) {
      walked.push(...namesOf([trial]));
      await master.client.reportMetadata(ids.a100, { touched: walked.length });
    }
    expect(walked).toEqual(whole);
  });

  it('refuses a cursor that was changed, and one of another query', async () => {
    const next = (await search({ limit: 1 })).next!;
    for (const request of [
      { after: next, sort: [{ field: 'trial.state' }] },
      { after: `${next.startsWith('A') ? 'B' : 'A'}${next.slice(1)}` },
    ]) {
      await expect(search({ limit: 1, ...request })).rejects.toMatchObject({
        status: 400,
        errors: [{ path: 'after', code: 'invalid_cursor' }],
      });
    }
  });

  it('takes an offset, but not beside a cursor', async () => {
    const { items, next } = await search({ limit: 2, offset: 3 });
    expect(namesOf(items)).toEqual(['withoutRuntime', 'withoutMetadata']);
    expect(next).toBeNull();
    const both = search({ after: 'x', offset: 1 });
    await expect(both).rejects.toMatchObject({ errors: [{ path: 'offset' }] });
  });

  it('projects fields, nested as in the document, and an empty list to ids alone', async () => {
    const filter: Filter = { field: 'trial.id', operator: 'is', value: ids.a100 };
    const fields = ['metadata.hardware.gpu', 'metadata."lr.schedule"', 'metadata.nowhere', 'trial.state'];
    const [item] = (await search({ filter, fields })).items;
    const idsAlone = { id: ids.a100, experimentId: experiments[0], projectId };
    expect(item).toEqual({
      ...idsAlone,
      state: 'ACTIVE',
      metadata: { hardware: { gpu: 'NVIDIA A100' }, 'lr.schedule': 'cosine' },
    });
    expect((await search({ filter, fields: [] })).items).toEqual([idsAlone]);
  });

  it('counts as asked: capped, exact, or not at all', async () => {
    expect((await search({ limit: 1, count: 'exact' })).total).toEqual({ value: 5, relation: 'eq' });
    expect((await search({ limit: 1 })).total).toEqual({ value: 5, relation: 'eq' });
    expect(await search({ limit: 1, count: 'none' })).not.toHaveProperty('total');
  });

  it('leaves archived experiments and trials out unless asked for', async () => {
    const filter: Filter = { field: 'metadata.shelved', operator: 'exists' };
    expect((await search({ filter })).items).toHaveLength(0);
    expect((await search({ filter, archived: true })).items).toHaveLength(1);
    expect((await searchExperiments({})).items).toHaveLength(3);
    expect((await searchExperiments({ archived: true })).items).toHaveLength(4);
  });

  it('finds experiments by their best matching trial', async () => {
    const sort = (direction: 'asc' | 'desc') => [{ field: 'metadata.runtime', direction }];
    const rising = await searchExperiments({
      sort: sort('asc'),
      fields: ['metadata.runtime', 'experiment.name'],
    });
    expect(rising.items[0]).toEqual({
      id: experiments[0],
      projectId,
      name: 'first',
      trialCount: 3,
      matchingTrials: 3,
      trial: { id: ids.h100, experimentId: experiments[0], projectId, metadata: { runtime: 10 } },
    });
    const falling = await searchExperiments({ sort: sort('desc') });
    expect(falling.items[0]?.trial?.id).toBe(ids.a100);
  });

  it('an experiment matches when one of its trials meets the whole filter', async () => {
    const gpu: Filter = { field: 'metadata.hardware.gpu', operator: 'is', value: 'NVIDIA H100' };
    const runtime = (value: number): Filter => ({ field: 'metadata.runtime', operator: 'is', value });
    expect((await searchExperiments({ filter: { and: [gpu, runtime(10)] } })).items).toHaveLength(1);
    expect((await searchExperiments({ filter: { and: [gpu, runtime(30)] } })).items).toHaveLength(0);
  });

  it('an experiment without trials matches a filter on its own columns alone', async () => {
    const filter: Filter = { field: 'experiment.name', operator: 'is', value: 'empty' };
    expect((await searchExperiments({ filter })).items).toEqual([
      expect.objectContaining({ id: experiments[2], trialCount: 0, matchingTrials: 0, trial: null }),
    ]);
    const withTrial: Filter = { and: [filter, { field: 'metadata.runtime', operator: 'isMissing' }] };
    expect((await searchExperiments({ filter: withTrial })).items).toHaveLength(0);
  });

  it('pages experiments by cursor', async () => {
    const sort: readonly SortKey[] = [{ field: 'experiment.name', direction: 'desc' }];
    const first = await searchExperiments({ sort, limit: 2 });
    const second = await searchExperiments({ sort, limit: 2, after: first.next! });
    expect([...first.items, ...second.items].map((item) => item.name)).toEqual(['second', 'first', 'empty']);
    expect(second.next).toBeNull();
  });

  it('takes conditions, sort and fields in the query string, where values have no type', async () => {
    // As a user writes it by hand.
    const get = async (query: string) =>
      namesOf((await master.get(`/trials?projectId=${projectId}&${query}`)).body.items);
    expect(await get('metadata.hardware.gpu=NVIDIA%20A100&sort=-metadata.runtime')).toEqual([
      'a100',
      'exact',
    ]);
    expect(await get('metadata.runtime=10')).toEqual(['h100']);
    expect(await get('metadata.step=8')).toEqual(['a100']);
    expect(await get('metadata.runtime[gt]=10&metadata.runtime[lt]=30')).toEqual(['exact']);
    expect(await get('metadata.%22lr.schedule%22[contains]=COS')).toEqual(['a100']);
    expect(await get('sort=-metadata.step:number&metadata.step[exists]')).toEqual([
      'h100',
      'a100',
      'withoutRuntime',
    ]);
    expect(
      await get(`filter=${encodeURIComponent('{"field":"metadata.big","operator":"is","value":1.0}')}`),
    ).toEqual(['exact']);
  });

  describe('hints, when nothing matches', () => {
    const hintsFor = async (filter: Filter) => (await search({ filter })).hints ?? [];

    it('name the key that was meant', async () => {
      const condition: Condition = { field: 'metadata.hardwar.gpu', operator: 'is', value: 'T4' };
      expect(await hintsFor(condition)).toEqual([
        {
          condition,
          matches: { value: 0, relation: 'eq' },
          code: 'unknown_field',
          message: 'No trial has metadata.hardwar.gpu. Did you mean metadata.hardware.gpu?',
          alternatives: [{ ...condition, field: 'metadata.hardware.gpu' }],
        },
      ]);
    });

    it('know a field that is behind a thousand others', async () => {
      const { client } = master;
      const wide = (await client.call('createProject', { body: { name: 'wide' } })).project.id;
      const body = { name: 'wide', projectId: wide };
      const { experiment } = await client.call('createExperiment', { body });
      for (const prefix of ['a', 'b']) {
        const { trial } = await client.call('createTrial', {
          path: { experimentId: experiment.id },
          body: {},
        });
        const fields = Array.from({ length: 600 }, (_, index) => [`${prefix}${index}`, index]);
        await client.reportMetadata(trial.id, { ...Object.fromEntries(fields), last: { field: 1 } });
      }
      const filter: Condition = { field: 'metadata.last.field', operator: 'is', value: '1' };
      const { hints } = await search({ projectId: wide, filter });
      expect(hints).toMatchObject([{ code: 'other_type', alternatives: [{ ...filter, value: 1 }] }]);
    });

    it('say that a key is there only with another type', async () => {
      const condition: Condition = { field: 'metadata.step', operator: 'is', value: 8 };
      const [hint] = await hintsFor(condition);
      expect(hint).toMatchObject({
        code: 'other_type',
        message:
          'metadata.step is there as string in 3 trials, never as number. No trial meets this condition alone.',
        alternatives: [{ ...condition, value: '8' }],
      });
    });

    it('propose nothing that would be refused', async () => {
      const alternativesOf = async (condition: Condition) => {
        const [hint] = await hintsFor(condition);
        expect(hint?.code).toBe('other_type');
        for (const alternative of hint?.alternatives ?? []) await search({ filter: alternative });
        return hint?.alternatives;
      };
      const step = { field: 'metadata.step' };
      const oneOf: Condition = { ...step, operator: 'in', value: [8, 9] };
      expect(await alternativesOf(oneOf)).toEqual([{ ...oneOf, value: ['8', '9'] }]);
      const between: Condition = { ...step, operator: 'between', value: [1, 2] };
      expect(await alternativesOf(between)).toEqual([{ ...between, value: ['1', '2'] }]);
      expect(await alternativesOf({ ...step, operator: 'in', value: [8, null] })).toEqual([]);
      const runtime = { field: 'metadata.runtime' };
      expect(await alternativesOf({ ...runtime, operator: 'startsWith', value: '1' })).toEqual([]);
      const exponent: Condition = { ...runtime, operator: 'is', value: '7e5' };
      expect(await alternativesOf(exponent)).toHaveLength(1);
      expect(await alternativesOf({ ...exponent, value: '1e200000' })).toEqual([]);
    });

    it('take the two spellings of a value in a query string as one', async () => {
      const hintsOf = async (query: string) => {
        const { body } = await master.get(`/trials?${query}`);
        return (body.hints ?? []).map((hint: { condition: Condition; code: string }) => [
          hint.condition.value,
          hint.code,
        ]);
      };
      expect(await hintsOf('metadata.runtime=77777')).toEqual([[77777, 'condition']]);
      expect(await hintsOf('metadata.step=77777')).toEqual([['77777', 'condition']]);
      expect(await hintsOf('metadata.nowhere=77777')).toEqual([['77777', 'unknown_field']]);
      expect(await hintsOf('metadata.hardware=true')).toEqual([['true', 'other_type']]);
      expect(await hintsOf('metadata.step=77777&metadata.runtime[contains]=77777')).toHaveLength(2);
      // What an object holds may be either.
      expect(await hintsOf('metadata.hardware[contains]=77777')).toHaveLength(2);
    });

    it('count the trials that meet each condition alone', async () => {
      const gpu: Condition = { field: 'metadata.hardware.gpu', operator: 'is', value: 'T4' };
      const runtime: Condition = { field: 'metadata.runtime', operator: 'lt', value: 100 };
      const hints = await hintsFor({ and: [gpu, runtime] });
      expect(hints.map(({ matches }) => matches)).toEqual([
        { value: 1, relation: 'eq' },
        { value: 3, relation: 'eq' },
      ]);
    });

    describe('where the value is there, otherwise written', () => {
      let mixed: number;

      beforeAll(async () => {
        const { client } = master;
        mixed = (await client.call('createProject', { body: { name: 'mixed' } })).project.id;
        const { experiment } = await client.call('createExperiment', {
          body: { name: 'mixed', projectId: mixed },
        });
        for (const metadata of [
          { seed: 8, gpu: 'NVIDIA A100', done: true, tags: ['nightly'] },
          { seed: 9, gpu: 'NVIDIA H100', done: 'true', tags: ['weekly'] },
          { seed: '496', gpu: 80, done: false },
        ]) {
          const path = { experimentId: experiment.id };
          const { trial } = await client.call('createTrial', { path, body: {} });
          await client.reportMetadata(trial.id, metadata);
        }
      });

      const hintFor = async (condition: Condition, beside: readonly Condition[] = []) => {
        const filter = { and: [condition, ...beside] };
        const { hints = [] } = await search({ projectId: mixed, filter });
        return hints.find((hint) => JSON.stringify(hint.condition) === JSON.stringify(condition));
      };
      const seed = (value: Condition['value']): Condition => ({
        field: 'metadata.seed',
        operator: 'is',
        value,
      });
      const gpu = (value: string): Condition => ({ field: 'metadata.gpu', operator: 'is', value });
      const nothing: Condition = { field: 'metadata.seed', operator: 'gt', value: 1_000 };

      it('offer the operand in the other type that the field holds too, where some trial has it', async () => {
        expect(await hintFor(seed(496))).toEqual({
          condition: seed(496),
          matches: { value: 0, relation: 'eq' },
          code: 'other_type',
          message:
            'No trial meets this condition alone. metadata.seed is of several types, and some trials have this value as string.',
          alternatives: [seed('496')],
        });
        expect(await hintFor(seed('8'))).toMatchObject({ code: 'other_type', alternatives: [seed(8)] });
        expect(await hintFor(seed('8'), [gpu('NVIDIA A100')])).toMatchObject({ alternatives: [seed(8)] });
        const oneOf: Condition = { field: 'metadata.seed', operator: 'in', value: ['9', '77'] };
        expect(await hintFor(oneOf)).toMatchObject({ alternatives: [{ ...oneOf, value: [9, 77] }] });
      });

      it('offer it not where no trial has it so, nor where the filter asks for it already', async () => {
        expect(await hintFor(seed(497))).toMatchObject({ code: 'condition', alternatives: [] });
        const either = { or: [seed(496), seed('496')] };
        const { hints } = await search({ projectId: mixed, filter: { and: [either, nothing] } });
        expect(hints?.map(({ code }) => code)).toEqual(['condition', 'condition', 'condition']);
        const order: Condition = { field: 'metadata.seed', operator: 'gt', value: '5' };
        expect(await hintFor(order)).toMatchObject({ code: 'condition', alternatives: [] });
      });

      it.each(['a100', 'A100', 'nvidia a100', '  NVIDIA A100 '])(
        'offer "contains" for %j, a part of a text',
        async (value) => {
          const alternative = { ...gpu(value.trim()), operator: 'contains' };
          expect(await hintFor(gpu(value))).toMatchObject({
            code: 'other_text',
            message: `No trial meets this condition alone. Some trials have ${JSON.stringify(value.trim())} as a part of metadata.gpu, or in another case.`,
            alternatives: [alternative],
          });
          const found = await search({ projectId: mixed, filter: alternative as Condition });
          expect(found.items).toHaveLength(1);
        },
      );

      it('offer "contains" for an element of a list, and not where no text has it', async () => {
        const tag: Condition = { field: 'metadata.tags', operator: 'is', value: 'nightly' };
        expect(await hintFor(tag)).toMatchObject({
          code: 'other_type',
          alternatives: [{ ...tag, operator: 'contains' }],
        });
        expect(await hintFor(gpu('V100'))).toMatchObject({ code: 'condition', alternatives: [] });
        expect(await hintFor(gpu('  '))).toMatchObject({ code: 'condition', alternatives: [] });
      });

      it('see nothing of other projects', async () => {
        const step: Condition = { field: 'metadata.seed', operator: 'is', value: '8' };
        const { hints } = await search({ filter: step });
        expect(hints).toMatchObject([{ code: 'unknown_field', alternatives: [] }]);
        const elsewhere: Condition = { ...gpu('T4'), operator: 'is' };
        expect(await hintFor(elsewhere)).toMatchObject({ code: 'condition', alternatives: [] });
      });
    });

    it('say that bounds are reversed, and offer them the other way round', async () => {
      const between = (field: string, value: Condition['value']): Condition => ({
        field,
        operator: 'between',
        value,
      });
      const [hint] = await hintsFor(between('metadata.runtime', [30, 10]));
      expect(hint).toEqual({
        condition: between('metadata.runtime', [30, 10]),
        matches: { value: 0, relation: 'eq' },
        code: 'bounds_reversed',
        message:
          'Nothing is between 30 and 10: the lower bound is above the upper one. Give them the other way round.',
        alternatives: [between('metadata.runtime', [10, 30])],
      });
      const times = between('trial.startTime', ['2999-01-01', '2000-01']);
      expect((await hintsFor(times))[0]).toMatchObject({
        code: 'bounds_reversed',
        alternatives: [between('trial.startTime', ['2000-01', '2999-01-01'])],
      });
      expect((await hintsFor(between('metadata.runtime', [11, 12])))[0]).toMatchObject({ code: 'condition' });
      expect((await hintsFor(between('metadata.nowhere', [2, 1])))[0]).toMatchObject({
        code: 'unknown_field',
      });
    });
  });

  it.each<[string, object, string, string]>([
    ['an unknown property', { filtre: {} }, 'filtre', 'unknown_property'],
    [
      'an unknown operator',
      { filter: { field: 'metadata.a', operator: 'like', value: 1 } },
      'filter.operator',
      'unknown_operator',
    ],
    [
      'an unknown column',
      { filter: { field: 'trial.nope', operator: 'exists' } },
      'filter.field',
      'unknown_column',
    ],
    ['a missing value', { filter: { field: 'metadata.a', operator: 'is' } }, 'filter.value', 'value_missing'],
    ['a bad place in a group', { filter: { or: [{}, { and: 1 }] } }, 'filter.or[1].and', 'invalid_filter'],
    ['a limit of 0', { limit: 0 }, 'limit', 'value_not_accepted'],
    ['a limit of 201', { limit: 201 }, 'limit', 'value_not_accepted'],
    ['a cursor that is none', { after: 'abc' }, 'after', 'invalid_cursor'],
    [
      'a bad sort',
      { sort: [{ field: 'metadata.a', direction: 'up' }] },
      'sort[0].direction',
      'value_not_accepted',
    ],
    ['six sort keys', { sort: Array(6).fill({ field: 'trial.id' }) }, 'sort', 'too_many_sort_keys'],
    ['a bad path', { fields: ['metadata.a..b'] }, 'fields[0]', 'invalid_path'],
  ])('refuses %s with the place', async (_, body, path, code) => {
    for (const what of ['trials', 'experiments']) {
      const answer = await master.post(`/${what}/search`, body);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.errors[0]).toMatchObject({ path, code });
    }
  });

  it('lists every fault of a request at once', async () => {
    const condition = { field: 'nope', operator: 'like', value: 1 };
    const body = { filter: { and: [condition, {}, condition] }, sort: [1], fields: ['x', 'y'], limit: 0 };
    const pathsOf = (errors: readonly { readonly path: string }[]) => errors.map(({ path }) => path);
    expect(pathsOf((await master.post('/trials/search', body)).body.errors)).toEqual([
      'limit',
      'filter.and[0].field',
      'filter.and[0].operator',
      'filter.and[2].field',
      'filter.and[2].operator',
      'sort[0]',
      'fields[0]',
      'fields[1]',
    ]);
    const query = 'metadata.a[is-not]=1&sort=x&fields=y&limit=0&nope=1';
    const { errors } = (await master.get(`/trials?${query}`)).body;
    expect(pathsOf(errors)).toEqual(['metadata.a[is-not]', 'sort[0]', 'nope', 'limit', 'fields[0]']);
    expect(errors[2].message).toMatch(
      /Accepted: projectId, .*, filter, sort, fields, and conditions, e\.g\./,
    );
  });

  it('refuses filters that are too deep or too large', async () => {
    const condition: Filter = { field: 'metadata.a', operator: 'exists' };
    let deep: Filter = condition;
    for (let depth = 0; depth < 33; depth++) deep = { not: deep };
    await expect(search({ filter: deep })).rejects.toMatchObject({
      errors: [{ code: 'filter_too_deep', limit: 32 }],
    });
    const tooMany = search({ filter: { and: Array<Filter>(201).fill(condition) } });
    await expect(tooMany).rejects.toMatchObject({
      errors: [{ code: 'too_many_conditions', limit: 200, actual: 201 }],
    });
  });
});
