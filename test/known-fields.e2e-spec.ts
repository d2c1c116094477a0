import { bootMaster, type TestMaster } from './support/index.js';

describe('the known fields and their values', () => {
  let master: TestMaster;
  let projectId: number;
  let otherProjectId: number;
  let experimentId: number;

  beforeAll(async () => {
    master = await bootMaster();
    projectId = (await master.post('/projects', { name: 'fields' })).body.project.id;
    otherProjectId = (await master.post('/projects', { name: 'other' })).body.project.id;
    experimentId = (await master.post('/experiments', { name: 'e', projectId })).body.experiment.id;
  });

  afterAll(() => master.close());

  async function newTrial(metadata: object, experiment = experimentId): Promise<number> {
    const { body } = await master.post(`/experiments/${experiment}/trials`, {});
    await master.post(`/trials/${body.trial.id}/metadata`, { metadata });
    return body.trial.id;
  }

  async function fields(query = ''): Promise<Record<string, Record<string, number>>> {
    const { body } = await master.get(`/metadata/fields?projectId=${projectId}${query}`);
    return Object.fromEntries(
      body.items.map((item: { path: string; types: object }) => [item.path, item.types]),
    );
  }

  it('are right after reports, replacements, merges, deletions of keys, of metadata and of trials', async () => {
    const first = await newTrial({ gpu: 'A100', hardware: { ram: 64 } });
    const second = await newTrial({ gpu: ['A100', 'T4'], 'lr.schedule': null });
    expect(await fields()).toEqual({
      '"lr.schedule"': { null: 1 },
      gpu: { string: 1, array: 1 },
      hardware: { object: 1 },
      'hardware.ram': { number: 1 },
    });
    await master.post(`/trials/${first}/metadata`, { metadata: { gpu: 8 } });
    await master.patch(`/trials/${first}/metadata`, { metadata: { hardware: { ram: null, cpu: true } } });
    expect(await fields()).toEqual({
      '"lr.schedule"': { null: 1 },
      gpu: { number: 1, array: 1 },
      hardware: { object: 1 },
      'hardware.cpu': { boolean: 1 },
    });
    await master.delete(`/trials/${second}/metadata`);
    await master.put(`/trials/${first}/metadata`, { metadata: { only: { this: {} } } });
    expect(await fields()).toEqual({ only: { object: 1 }, 'only.this': { object: 1 } });
    await master.delete(`/trials/${first}`);
    expect(await fields()).toEqual({});
  });

  it('stand for themselves in each project, and go with an experiment', async () => {
    const other = await master.post('/experiments', { name: 'o', projectId: otherProjectId });
    const otherExperiment = other.body.experiment.id;
    await newTrial({ secret: 1 }, otherExperiment);
    expect(await fields()).not.toHaveProperty('secret');
    await master.delete(`/experiments/${otherExperiment}`);
    const { body } = await master.get(`/metadata/fields?projectId=${otherProjectId}`);
    expect(body).toEqual({ items: [], next: null });
  });

  it('are found by a part of the name, whatever its case, and paged by cursor', async () => {
    await newTrial({ Alpha: 1, alphabet: { beta: 1 }, gamma: 1 });
    expect(Object.keys(await fields('&q=ALPHA'))).toEqual(['Alpha', 'alphabet', 'alphabet.beta']);
    const first = await master.get(`/metadata/fields?projectId=${projectId}&limit=2`);
    expect(first.body.items.map((item: { path: string }) => item.path)).toEqual(['Alpha', 'alphabet']);
    const second = await master.get(
      `/metadata/fields?projectId=${projectId}&limit=2&after=${first.body.next}`,
    );
    expect(second.body.items.map((item: { path: string }) => item.path)).toEqual(['alphabet.beta', 'gamma']);
    expect(second.body.next).toBeNull();
  });

  it('come with the most common first when asked so, page by page as all at once', async () => {
    const { body } = await master.post('/experiments', { name: 'c', projectId: otherProjectId });
    for (let index = 0; index < 12; index += 1) {
      const metadata = {
        always: index,
        [index % 2 === 0 ? 'even' : 'odd']: {},
        nested: { z: 1, [`k${index}`]: 1 },
      };
      await newTrial(metadata, body.experiment.id);
    }
    const list = async (
      query: string,
    ): Promise<{ items: { path: string; trials: number }[]; next: string | null }> =>
      (await master.get(`/metadata/fields?projectId=${otherProjectId}&order=trials${query}`)).body;
    const { items } = await list('');
    expect(items.slice(0, 6).map(({ path, trials }) => [path, trials])).toEqual([
      ['always', 12],
      ['nested', 12],
      ['nested.z', 12],
      ['even', 6],
      ['odd', 6],
      ['nested.k0', 1],
    ]);
    expect(items).toHaveLength(17);
    for (const limit of [1, 2, 5, 16, 17]) {
      const paged: unknown[] = [];
      for (let after: string | null = ''; after !== null;) {
        const page = await list(`&limit=${limit}${after === '' ? '' : `&after=${after}`}`);
        paged.push(...page.items);
        after = page.next;
      }
      expect(paged).toEqual(items);
    }
    expect((await list('&q=k1')).items.map(({ path }) => path)).toEqual([
      'nested.k1',
      'nested.k10',
      'nested.k11',
    ]);
    const { next } = await list('&limit=1');
    expect((await master.get(`/metadata/fields?projectId=${otherProjectId}&after=${next}`)).status).toBe(400);
    await master.delete(`/experiments/${body.experiment.id}`);
  });

  it('count under 16 writers at once as if they came one after another', async () => {
    const ids = await Promise.all(Array.from({ length: 16 }, () => newTrial({ shared: 1 })));
    await Promise.all(
      ids.flatMap((id, index) => [
        master.post(`/trials/${id}/metadata`, { metadata: { shared: index % 2 === 0 ? 'text' : 2 } }),
        fields(),
        master.post(`/trials/${id}/metadata`, { metadata: { [`own${index % 4}`]: [] } }),
      ]),
    );
    expect(await fields('&q=shared')).toEqual({ shared: { string: 8, number: 8 } });
    expect(await fields('&q=own')).toEqual({
      own0: { array: 4 },
      own1: { array: 4 },
      own2: { array: 4 },
      own3: { array: 4 },
    });
  });

  it('list the values of a field with counts, the most frequent first, within a filter', async () => {
    for (const value of ['b', 'a', 'b', 1, 1.0, null, ['b'], { deep: 'b' }])
      await newTrial({ valued: value });
    const values = async (query: string) =>
      (await master.get(`/metadata/values?projectId=${projectId}&field=metadata.valued${query}`)).body;
    const { items } = await values('');
    expect(items.slice(0, 2)).toEqual([
      { value: 'b', count: 2 },
      { value: 1, count: 2 },
    ]);
    expect(items).toHaveLength(6);
    expect((await values('&q=B')).items.map((item: { value: unknown }) => item.value)).toEqual([
      'b',
      ['b'],
      { deep: 'b' },
    ]);
    expect((await values('&metadata.valued[contains]=a')).items).toEqual([{ value: 'a', count: 1 }]);
    const page = await values('&limit=2');
    expect((await values(`&limit=200&after=${page.next}`)).items).toEqual(items.slice(2));
  });

  it.each<[string, string, string]>([
    ['/metadata/fields?nope=1', 'nope', 'unknown_parameter'],
    ['/metadata/fields?limit=0', 'limit', 'value_not_accepted'],
    ['/metadata/fields?order=name', 'order', 'value_not_accepted'],
    ['/metadata/values?field=metadata.a&order=path', 'order', 'unknown_parameter'],
    ['/metadata/fields?q=a&q=b', 'q', 'duplicate_parameter'],
    ['/metadata/fields?q=%00', 'q', 'nul_character'],
    ['/metadata/fields?after=abc', 'after', 'invalid_cursor'],
    ['/metadata/values', 'field', 'value_missing'],
    ['/metadata/values?field=nope', 'field', 'unknown_column'],
    ['/metadata/values?field=metadata.a..b', 'field', 'invalid_path'],
  ])('refuse %s', async (path, at, code) => {
    const answer = await master.get(path);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toMatchObject({ path: at, code });
  });
});
