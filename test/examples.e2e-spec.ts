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
  const ada = { authorization: 'Bearer token-of-ada' };
  const grace = { authorization: 'Bearer token-of-grace' };
  const guest = { authorization: 'Bearer token-of-guest' };

  beforeAll(async () => {
    host = await startExample('own-tables-host');
    for (const [title, user, metadata] of [
      ['mnist', ada, { gpu: 'NVIDIA A100', seconds: 60 }],
      ['imagenet', ada, { gpu: 'NVIDIA A100', seconds: 3600 }],
      ['baseline', ada, { gpu: 'NVIDIA T4', seconds: 900 }],
      ['whisper', grace, { gpu: 'NVIDIA A100', seconds: 1800 }],
    ] as const) {
      const { key } = (await host.post('//lab/v2/runs', { title }, user)).body;
      runs[title] = key;
      const report = await host.post(`//lab/v2/trials/${key}/metadata`, { metadata }, user);
      expect(report.body).toMatchObject({ trialId: key, revision: 1, updatedBy: metadataAuthor(user) });
    }
  });

  afterAll(() => host.close());

  const metadataAuthor = (user: object) => (user === ada ? 'ada' : 'grace');
  const search = (body: object, user: Readonly<Record<string, string>>) =>
    host.post('//lab/v2/runs/search', body, user);
  const A100 = { field: 'metadata.gpu', operator: 'is', value: 'NVIDIA A100' };

  it('finds and sorts runs in a query of its own, among those of the team', async () => {
    const sort = [{ field: 'metadata.seconds', direction: 'desc' }];
    const { body } = await search({ filter: A100, sort }, ada);
    expect(body).toEqual([
      { key: runs['imagenet'], team: 'vision', title: 'imagenet' },
      { key: runs['mnist'], team: 'vision', title: 'mnist' },
    ]);
    const named = { and: [{ not: A100 }, { field: 'run.title', operator: 'startsWith', value: 'BASE' }] };
    expect((await search({ filter: named }, ada)).body).toMatchObject([{ title: 'baseline' }]);
    expect((await search({ filter: A100 }, grace)).body).toMatchObject([{ title: 'whisper' }]);
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
    expect((await host.get(path, guest)).body.metadata).toEqual({ gpu: 'NVIDIA A100', seconds: 60 });
    expect((await host.post(path, { metadata: { note: 'x' } }, guest)).status).toBe(403);
    const { body } = await host.get('//lab/v2/metadata/values?field=metadata.gpu', ada);
    expect(body.items).toEqual([
      { value: 'NVIDIA A100', count: 2 },
      { value: 'NVIDIA T4', count: 1 },
    ]);
    expect((await host.get('//lab/v2/metadata/limits', ada)).body.documentBytes).toBe(65_536);
  });
});

describe('examples/fastify-host', () => {
  let host: RunningExample;

  beforeAll(async () => {
    host = await startExample('fastify-host');
  });

  afterAll(() => host.close());

  it('goes from a project to a search, whatever its validation pipe thinks of metadata', async () => {
    const { project } = (await host.post('/projects', { name: 'Vision' })).body;
    const { experiment } = (await host.post('/experiments', { name: 'MNIST', projectId: project.id })).body;
    const { trial } = (await host.post(`/experiments/${experiment.id}/trials`, {})).body;
    const report = '{"metadata": {"constructor": 1.50, "runtime_seconds": 9007199254740993}}';
    const answer = await host.post(`/trials/${trial.id}/metadata`, report);
    expect(answer.text).toContain('"constructor": 1.50');
    const filter = { field: 'metadata.constructor', operator: 'is', value: 1.5 };
    const found = await host.post('/trials/search', { filter, fields: ['metadata.runtime_seconds'] });
    expect(found.text).toContain('"metadata":{"runtime_seconds":9007199254740993}');
    expect((await host.get('/trials?metadata.runtime_seconds[gt]=1')).body.items).toHaveLength(1);
  });
});
