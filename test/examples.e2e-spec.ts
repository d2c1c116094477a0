import type { Filter } from 'nestjs-trial-metadata/client';
import { startExample, type RunningExample } from './support/start-example.js';

describe('examples/minimal-host', () => {
  let host: RunningExample;

  beforeAll(async () => {
    host = await startExample('minimal-host');
  });

  afterAll(() => host.close());

  it('takes a report on its trial, without a prefix, and keeps every digit', async () => {
    const answer = await host.post('//trials/1/metadata', '{"metadata": {"samples": 9007199254740993}}');
    expect(answer.text).toContain('"metadata":{"samples": 9007199254740993},"revision":1');
    expect((await host.get('//trials/2/metadata')).status).toBe(404);
    expect((await host.get('//metadata/limits')).status).toBe(200);
  });
});

describe('examples/own-tables-host', () => {
  let host: RunningExample;
  const runs: Record<string, string> = {};
  const studies: Record<string, number> = {};
  const ada = { authorization: 'Bearer token-of-ada' };
  const grace = { authorization: 'Bearer token-of-grace' };
  const guest = { authorization: 'Bearer token-of-guest' };

  beforeAll(async () => {
    host = await startExample('own-tables-host');
    for (const topic of ['digits', 'photographs']) {
      studies[topic] = (await host.post('//lab/v2/studies', { topic }, ada)).body.number;
    }
    for (const [title, study, user, metadata] of [
      ['mnist', 'digits', ada, { gpu: 'NVIDIA A100', seconds: 60 }],
      ['imagenet', 'photographs', ada, { gpu: 'NVIDIA A100', seconds: 3600 }],
      ['baseline', 'photographs', ada, { gpu: 'NVIDIA T4', seconds: 900 }],
      ['whisper', undefined, grace, { gpu: 'NVIDIA A100', seconds: 1800 }],
    ] as const) {
      const body = { title, study: study && studies[study] };
      const { key } = (await host.post('//lab/v2/runs', body, user)).body;
      runs[title] = key;
      const record = await clientOf(user).reportMetadata(key, metadata);
      expect(record).toMatchObject({ trialId: key, revision: 1, updatedBy: metadataAuthor(user) });
    }
  });

  afterAll(() => host.close());

  const clientOf = (user: Readonly<Record<string, string>>) =>
    host.clientWith({ baseUrl: `${host.url}/lab/v2`, headers: user });
  const metadataAuthor = (user: object) => (user === ada ? 'ada' : 'grace');
  const search = (body: object, user: Readonly<Record<string, string>>) =>
    host.post('//lab/v2/runs/search', body, user);
  const A100 = { field: 'metadata.gpu', operator: 'is', value: 'NVIDIA A100' };

  it('finds and sorts runs in a query of its own, among those of the team', async () => {
    const sort = [{ field: 'metadata.seconds', direction: 'desc' }];
    const { body } = await search({ filter: A100, sort }, ada);
    const study = (topic: string) => ({ number: studies[topic], topic });
    expect(body).toEqual([
      { key: runs['imagenet'], team: 'vision', title: 'imagenet', study: study('photographs') },
      { key: runs['mnist'], team: 'vision', title: 'mnist', study: study('digits') },
    ]);
    const named = { and: [{ not: A100 }, { field: 'trial.title', operator: 'startsWith', value: 'BASE' }] };
    expect((await search({ filter: named }, ada)).body).toMatchObject([{ title: 'baseline' }]);
    expect((await search({ filter: A100 }, grace)).body).toMatchObject([{ title: 'whisper' }]);
  });

  it('finds, sorts and counts by what its studies are', async () => {
    const filter: Filter = { field: 'experiment.topic', operator: 'startsWith', value: 'photo' };
    const sort = [{ field: 'experiment.topic', direction: 'desc' }, { field: 'metadata.seconds' }];
    const titles = async (body: object) =>
      (await search(body, ada)).body.map(({ title }: { title: string }) => title);
    expect(await titles({ filter, sort })).toEqual(['baseline', 'imagenet']);
    expect(await titles({ sort })).toEqual(['baseline', 'imagenet', 'mnist']);
    const query = { field: 'metadata.gpu', filter: JSON.stringify(filter) };
    expect((await clientOf(ada).values(query)).items.map(({ value }) => value)).toEqual([
      'NVIDIA A100',
      'NVIDIA T4',
    ]);
    const { items } = await clientOf(ada).fields({ projectId: studies['digits']! });
    expect(items).toMatchObject([
      { path: 'gpu', trials: 1 },
      { path: 'seconds', trials: 1 },
    ]);
  });

  it('answers a mistake in the filter with its place', async () => {
    const { status, body } = await search({ filter: { ...A100, operator: 'like' } }, ada);
    expect([status, body.errors[0].path, body.errors[0].code]).toEqual([
      400,
      'filter.operator',
      'unknown_operator',
    ]);
  });

  it('its guard and its policy hold for the plugin’s routes', async () => {
    const path = `//lab/v2/trials/${runs['mnist']}/metadata`;
    expect((await host.get(path)).status).toBe(401);
    expect((await host.get(path, grace)).status).toBe(404);
    const seen = await clientOf(guest).readMetadata(runs['mnist']!);
    expect(seen.metadata).toEqual({ gpu: 'NVIDIA A100', seconds: 60 });
    expect((await host.post(path, { metadata: { note: 'x' } }, guest)).status).toBe(403);
    const { items } = await clientOf(ada).values({ field: 'metadata.gpu' });
    expect(items).toEqual([
      { value: 'NVIDIA A100', count: 2 },
      { value: 'NVIDIA T4', count: 1 },
    ]);
    expect((await clientOf(ada).limits())['documentBytes']).toBe(65_536);
  });
});

describe('examples/fastify-host', () => {
  let host: RunningExample;

  beforeAll(async () => {
    host = await startExample('fastify-host');
  });

  afterAll(() => host.close());

  it('goes from a project to a search, whatever its validation pipe thinks of metadata', async () => {
    const { client } = host;
    const { project } = await client.call('createProject', { body: { name: 'Vision' } });
    const body = { name: 'MNIST', projectId: project.id };
    const { experiment } = await client.call('createExperiment', { body });
    const path = { experimentId: experiment.id };
    const { trial } = await client.call('createTrial', { path, body: {} });
    const report = '{"metadata": {"constructor": 1.50, "runtime_seconds": 9007199254740993}}';
    const answer = await host.post(`/trials/${trial.id}/metadata`, report);
    expect(answer.text).toContain('"constructor": 1.50');
    const filter = { field: 'metadata.constructor', operator: 'is', value: 1.5 };
    const found = await host.post('/trials/search', { filter, fields: ['metadata.runtime_seconds'] });
    expect(found.text).toContain('"metadata":{"runtime_seconds":9007199254740993}');
    expect((await host.get('/trials?metadata.runtime_seconds[gt]=1')).body.items).toHaveLength(1);
  });
});
