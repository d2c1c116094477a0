import type { FieldsQuery, Metadata, ValuesQuery } from 'nestjs-trial-metadata/client';
import { bootMaster, type TestMaster } from './support/index.js';
import { lockWait, waitingSessions } from './support/lock-wait.js';

describe('the known fields and their values', () => {
  let master: TestMaster;
  let projectId: number;
  let otherProjectId: number;
  let experimentId: number;

  beforeAll(async () => {
    master = await bootMaster();
    projectId = await newProject('fields');
    otherProjectId = await newProject('other');
    experimentId = await newExperiment(projectId);
  });

  afterAll(() => master.close());

  async function newProject(name: string): Promise<number> {
    return (await master.client.call('createProject', { body: { name } })).project.id;
  }

  async function newExperiment(project: number): Promise<number> {
    const body = { name: 'e', projectId: project };
    return (await master.client.call('createExperiment', { body })).experiment.id;
  }

  async function newTrial(metadata: Metadata, experiment = experimentId): Promise<number> {
    const path = { experimentId: experiment };
    const { trial } = await master.client.call('createTrial', { path, body: {} });
    await master.client.reportMetadata(trial.id, metadata);
    return trial.id;
  }

  async function fields(query: FieldsQuery = {}): Promise<Record<string, Record<string, number>>> {
    const { items } = await master.client.fields({ projectId, ...query });
    return Object.fromEntries(items.map(({ path, types }) => [path, types]));
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
    await master.client.reportMetadata(first, { gpu: 8 });
    await master.client.patchMetadata(first, { hardware: { ram: null, cpu: true } });
    expect(await fields()).toEqual({
      '"lr.schedule"': { null: 1 },
      gpu: { number: 1, array: 1 },
      hardware: { object: 1 },
      'hardware.cpu': { boolean: 1 },
    });
    await master.client.clearMetadata(second);
    await master.client.setMetadata(first, { only: { this: {} } });
    expect(await fields()).toEqual({ only: { object: 1 }, 'only.this': { object: 1 } });
    await master.client.call('deleteTrial', { path: { trialId: first } });
    expect(await fields()).toEqual({});
  });

  it('stand for themselves in each project, and go with an experiment', async () => {
    const otherExperiment = await newExperiment(otherProjectId);
    await newTrial({ secret: 1 }, otherExperiment);
    expect(await fields()).not.toHaveProperty('secret');
    await master.client.call('deleteExperiment', { path: { experimentId: otherExperiment } });
    expect(await master.client.fields({ projectId: otherProjectId })).toEqual({ items: [], next: null });
  });

  it('are right when trials go before their reports were counted', async () => {
    const { client } = master;
    const here = await newExperiment(otherProjectId);
    const counted = () => fields({ projectId: otherProjectId });
    await newTrial({ kept: 1 }, here);
    const known = await newTrial({ kept: 1, gone: 1 }, here);
    expect(await counted()).toEqual({ kept: { number: 2 }, gone: { number: 1 } });
    await client.patchMetadata(known, { gone: null, kept: 'text' });
    const unknown = await newTrial({ kept: 1 }, here);
    const unknownAndChanged = await newTrial({ kept: 1 }, here);
    await client.reportMetadata(unknownAndChanged, { kept: 'text', more: 1 });
    for (const trialId of [known, unknown, unknownAndChanged]) {
      await client.call('deleteTrial', { path: { trialId } });
    }
    expect(await counted()).toEqual({ kept: { number: 1 } });
    await client.call('deleteExperiment', { path: { experimentId: here } });
    expect(await counted()).toEqual({});
  });

  it('are found by a part of the name, whatever its case, and paged by cursor', async () => {
    await newTrial({ Alpha: 1, alphabet: { beta: 1 }, gamma: 1 });
    expect(Object.keys(await fields({ q: 'ALPHA' }))).toEqual(['Alpha', 'alphabet', 'alphabet.beta']);
    const first = await master.client.fields({ projectId, limit: 2 });
    expect(first.items.map(({ path }) => path)).toEqual(['Alpha', 'alphabet']);
    const second = await master.client.fields({ projectId, limit: 2, after: first.next! });
    expect(second.items.map(({ path }) => path)).toEqual(['alphabet.beta', 'gamma']);
    expect(second.next).toBeNull();
  });

  it('come with the most common first when asked so, page by page as all at once', async () => {
    const common = await newExperiment(otherProjectId);
    for (let index = 0; index < 12; index += 1) {
      const metadata = {
        always: index,
        [index % 2 === 0 ? 'even' : 'odd']: {},
        nested: { z: 1, [`k${index}`]: 1 },
      };
      await newTrial(metadata, common);
    }
    const list = (query: FieldsQuery = {}) =>
      master.client.fields({ projectId: otherProjectId, order: 'trials', ...query });
    const { items } = await list();
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
      const pages = master.client.eachField({ projectId: otherProjectId, order: 'trials', limit });
      for await (const item of pages) paged.push(item);
      expect(paged).toEqual(items);
    }
    expect((await list({ q: 'k1' })).items.map(({ path }) => path)).toEqual([
      'nested.k1',
      'nested.k10',
      'nested.k11',
    ]);
    const { next } = await list({ limit: 1 });
    const byPath = master.client.fields({ projectId: otherProjectId, after: next! });
    await expect(byPath).rejects.toMatchObject({ status: 400 });
    await master.client.call('deleteExperiment', { path: { experimentId: common } });
  });

  it('count under 16 writers at once as if they came one after another', async () => {
    const ids = await Promise.all(Array.from({ length: 16 }, () => newTrial({ shared: 1 })));
    await Promise.all(
      ids.flatMap((id, index) => [
        master.client.reportMetadata(id, { shared: index % 2 === 0 ? 'text' : 2 }),
        fields(),
        master.client.reportMetadata(id, { [`own${index % 4}`]: [] }),
      ]),
    );
    expect(await fields({ q: 'shared' })).toEqual({ shared: { string: 8, number: 8 } });
    expect(await fields({ q: 'own' })).toEqual({
      own0: { array: 4 },
      own1: { array: 4 },
      own2: { array: 4 },
      own3: { array: 4 },
    });
  });

  it('are told as they were while a long deletion keeps the counting waiting, and take no connection of others', async () => {
    const experiment = await newExperiment(await newProject('held'));
    const trial = await newTrial({ before: 1 }, experiment);
    const known = async () => (await master.client.fields({ q: 'held_' })).items.map(({ path }) => path);
    await newTrial({ held_before: 1 }, experiment);
    expect(await known()).toEqual(['held_before']);
    await master.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE trial_metadata_fields IN SHARE ROW EXCLUSIVE MODE');
      await newTrial({ held_after: 1 }, experiment);
      const asked = Promise.all(Array.from({ length: 15 }, known));
      await lockWait(master.dataSource);
      expect((await master.client.readMetadata(trial)).metadata).toEqual({ before: 1 });
      expect(await asked).toEqual(Array.from({ length: 15 }, () => ['held_before']));
      expect(await waitingSessions(master.dataSource)).toBe(1);
    });
    expect(await known()).toEqual(['held_after', 'held_before']);
  });

  it('list the values of a field with counts, the most frequent first, within a filter', async () => {
    for (const value of ['b', 'a', 'b', 1, 1.0, null, ['b'], { deep: 'b' }])
      await newTrial({ valued: value });
    const values = (query: Partial<ValuesQuery> = {}) =>
      master.client.values({ projectId, field: 'metadata.valued', ...query });
    const { items } = await values();
    expect(items.slice(0, 2)).toEqual([
      { value: 'b', count: 2 },
      { value: 1, count: 2 },
    ]);
    expect(items).toHaveLength(6);
    expect((await values({ q: 'B' })).items.map(({ value }) => value)).toEqual(['b', ['b'], { deep: 'b' }]);
    const filter = JSON.stringify({ field: 'metadata.valued', operator: 'contains', value: 'a' });
    const found = await values({ filter });
    expect(found.items).toEqual([{ value: 'a', count: 1 }]);
    const asQuery = `projectId=${projectId}&field=metadata.valued&metadata.valued[contains]=a`;
    expect((await master.get(`/metadata/values?${asQuery}`)).body).toEqual(found);
    const page = await values({ limit: 2 });
    expect((await values({ limit: 200, after: page.next! })).items).toEqual(items.slice(2));
  });

  it('page through values of the longest string', async () => {
    const longest = (end: string) => '\u0416'.repeat(8_191) + end;
    for (const end of ['a', 'b', 'c']) await newTrial({ traceback: longest(end) });
    const first = await master.client.values({ field: 'metadata.traceback', limit: 1 });
    const rest = await master.client.values({ field: 'metadata.traceback', limit: 2, after: first.next! });
    expect([...first.items, ...rest.items].map(({ value }) => value)).toEqual(['a', 'b', 'c'].map(longest));
    const sorted = await master.get('/trials?sort=metadata.traceback&metadata.traceback[exists]&limit=1');
    const second = await master.get(
      `/trials?sort=metadata.traceback&metadata.traceback[exists]&limit=1&after=${sorted.body.next}`,
    );
    expect(second.body.items[0].metadata.traceback).toBe(longest('b'));
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
    ['/metadata/values?field=metadata.a&sort=trial.id', 'sort', 'unknown_parameter'],
    ['/metadata/values?field=metadata.a&projectId=abc', 'projectId', 'value_not_accepted'],
    ['/metadata/fields?projectId=0', 'projectId', 'value_not_accepted'],
    ['/metadata/fields?projectId=4.0', 'projectId', 'value_not_accepted'],
    ['/metadata/values?field=metadata.a..b', 'field', 'invalid_path'],
  ])('refuse %s', async (path, at, code) => {
    const answer = await master.get(path);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toMatchObject({ path: at, code });
  });
});
