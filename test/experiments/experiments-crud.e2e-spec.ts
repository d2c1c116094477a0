import type { AnswerOf, InputOf } from 'nestjs-trial-metadata/client';
import { bootExperimentsHost, type ExperimentsHost } from './experiments-host.js';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('projects, experiments and trials', () => {
  let host: ExperimentsHost;
  let names = 0;

  beforeAll(async () => {
    host = await bootExperimentsHost();
  });

  afterAll(() => host.close());

  const newName = () => `project ${(names += 1)}`;

  async function newProject(name = newName()): Promise<number> {
    return (await host.client.call('createProject', { body: { name } })).project.id;
  }

  async function newExperiment(project?: number): Promise<number> {
    const projectId = project ?? (await newProject());
    return (await host.client.call('createExperiment', { body: { name: 'E', projectId } })).experiment.id;
  }

  async function newTrial(body: InputOf<'createTrial'>['body'] = {}, experiment?: number): Promise<number> {
    const path = { experimentId: experiment ?? (await newExperiment()) };
    return (await host.client.call('createTrial', { path, body })).trial.id;
  }

  const trialOf = async (trialId: number): Promise<AnswerOf<'getTrial'>['trial']> =>
    (await host.client.call('getTrial', { path: { trialId } })).trial;
  const changeTrial = async (trialId: number, body: InputOf<'changeTrial'>['body']) =>
    (await host.client.call('changeTrial', { path: { trialId }, body })).trial;

  it('has entities that agree with the tables of the migrations', async () => {
    const { upQueries } = await host.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('creates a project, with 201 and its address', async () => {
    const name = newName();
    const created = await host.post('/projects', { name, description: 'Benchmarks' });
    expect(created.status).toBe(201);
    const { project } = created.body;
    expect(project).toEqual({
      id: expect.any(Number),
      name,
      description: 'Benchmarks',
      archived: false,
      createdAt: ISO,
    });
    expect(created.headers.get('location')).toBe(`/api/v1/projects/${project.id}`);
    expect((await host.get(`/projects/${project.id}`)).body).toEqual({ project });
  });

  it('refuses a project name that is taken, with 409', async () => {
    const name = newName();
    await newProject(name);
    const again = await host.post('/projects', { name });
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(again.body).toMatchObject({
      title: 'Conflict',
      status: 409,
      code: 'project_name_taken',
      errors: [{ path: 'name', code: 'project_name_taken' }],
    });
    const other = await newProject();
    expect((await host.patch(`/projects/${other}`, { name })).status).toBe(409);
  });

  it('lists projects page by page, each once', async () => {
    const made = [await newProject(), await newProject(), await newProject()];
    const seen: number[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query: InputOf<'listProjects'>['query'] = { limit: 2, ...(after && { after }) };
      const page: AnswerOf<'listProjects'> = await host.client.call('listProjects', { query });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=-1', 'after=x', 'after=1'])(
    'refuses a list with %s',
    async (query) => {
      expect((await host.get(`/projects?${query}`)).status).toBe(400);
    },
  );

  it('changes a project and leaves what is not named', async () => {
    const path = { projectId: await newProject() };
    await host.client.call('changeProject', { path, body: { description: 'Old ones' } });
    const changed = await host.client.call('changeProject', { path, body: { archived: true } });
    expect(changed.project).toMatchObject({ description: 'Old ones', archived: true });
    expect(await host.client.call('getProject', { path })).toEqual(changed);
  });

  it('creates an experiment in a project', async () => {
    const projectId = await newProject();
    const created = await host.post('/experiments', {
      name: 'resnet50/a100',
      projectId,
      description: 'Hardware benchmark',
      labels: ['mlperf', 'α'],
    });
    expect(created.status).toBe(201);
    const { experiment } = created.body;
    expect(experiment).toEqual({
      id: expect.any(Number),
      name: 'resnet50/a100',
      projectId,
      description: 'Hardware benchmark',
      labels: ['mlperf', 'α'],
      state: 'ACTIVE',
      archived: false,
      startTime: ISO,
      endTime: null,
    });
    expect(created.headers.get('location')).toBe(`/api/v1/experiments/${experiment.id}`);
    expect((await host.get(`/experiments/${experiment.id}`)).body).toEqual({ experiment });
  });

  it('changes an experiment: name, labels, state', async () => {
    const path = { experimentId: await newExperiment() };
    const body = { name: 'F', labels: ['x'], state: 'COMPLETED' } as const;
    const changed = await host.client.call('changeExperiment', { path, body });
    expect(changed.experiment).toMatchObject({ ...body, endTime: ISO });
    expect(await host.client.call('getExperiment', { path })).toEqual(changed);
  });

  it('creates a trial, which is ACTIVE and has started now', async () => {
    const experimentId = await newExperiment();
    const created = await host.post(`/experiments/${experimentId}/trials`, {});
    expect(created.status).toBe(201);
    const { trial } = created.body;
    expect(trial).toEqual({
      id: expect.any(Number),
      number: null,
      experimentId,
      experimentName: 'E',
      projectId: expect.any(Number),
      state: 'ACTIVE',
      archived: false,
      startTime: ISO,
      endTime: null,
      duration: null,
      metadata: {},
    });
    expect(created.headers.get('location')).toBe(`/api/v1/trials/${trial.id}`);
    const { metadata: _, ...bare } = trial;
    expect((await host.get(`/trials/${trial.id}`)).body).toEqual({ trial: bare });
  });

  it('takes a number, a state and a start for a trial, and gives its duration in seconds', async () => {
    const id = await newTrial({ number: 7, state: 'RUNNING', startTime: '2024-05-09T05:21:50.5+02:00' });
    const trial = await changeTrial(id, { state: 'COMPLETED', endTime: '2024-05-09T03:31:50Z' });
    expect(trial).toMatchObject({
      number: 7,
      state: 'COMPLETED',
      startTime: '2024-05-09T03:21:50.500Z',
      endTime: '2024-05-09T03:31:50.000Z',
      duration: 599.5,
    });
  });

  it('refuses a number that another trial of the experiment has, even for two at once', async () => {
    const id = await newExperiment();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => host.post(`/experiments/${id}/trials`, { number: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect((await host.post(`/experiments/${id}/trials`, { number: 2 })).status).toBe(201);
  });

  it.each(['COMPLETED', 'CANCELED', 'ERROR'] as const)(
    'sets the end time when a trial comes to %s',
    async (state) => {
      const id = await newTrial();
      const ended = await changeTrial(id, { state });
      expect(ended).toMatchObject({ state, endTime: ISO, duration: expect.any(Number) });
      const resumed = await changeTrial(id, { state: 'RUNNING' });
      expect(resumed).toMatchObject({ state: 'RUNNING', endTime: null, duration: null });
    },
  );

  it('names the accepted states when one is unknown, and changes nothing', async () => {
    const id = await newTrial();
    const { status, body } = await host.patch(`/trials/${id}`, { state: 'DONE', archived: true });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      {
        path: 'state',
        code: 'unknown_state',
        message: 'There is no such state. Accepted: ACTIVE, RUNNING, PAUSED, COMPLETED, CANCELED, ERROR.',
      },
    ]);
    expect(await trialOf(id)).toMatchObject({ state: 'ACTIVE', archived: false });
  });

  it('refuses an end before the start', async () => {
    const id = await newTrial();
    await expect(changeTrial(id, { endTime: '2001-01-01' })).rejects.toMatchObject({
      status: 400,
      errors: [{ path: 'endTime', code: 'end_before_start' }],
    });
  });

  it('shows the metadata of a trial with every digit', async () => {
    const id = await newTrial();
    await host.post(`/trials/${id}/metadata`, '{"metadata": {"big": 9007199254740993, "__proto__": 1.50}}');
    expect((await host.get(`/trials/${id}`)).text).toContain(
      '"metadata":{"big": 9007199254740993, "__proto__": 1.50}',
    );
  });

  it('deletes a trial with its metadata', async () => {
    const id = await newTrial();
    await host.client.reportMetadata(id, { a: 1 });
    const deleted = await host.delete(`/trials/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await host.get(`/trials/${id}`)).status).toBe(404);
    expect((await host.get(`/trials/${id}/metadata`)).status).toBe(404);
    expect((await host.delete(`/trials/${id}`)).status).toBe(404);
    expect(await host.value('SELECT count(*) FROM trial_metadata WHERE trial_id = $1', [id])).toBe('0');
  });

  it.each(['trial', 'experiment', 'project'])(
    'takes the metadata of a deleted %s out of the known fields',
    async (kind) => {
      const id = await newTrial();
      await host.client.reportMetadata(id, { [`only ${kind}`]: { deep: 1 } });
      const { projectId, experimentId } = await trialOf(id);
      const known = async () => (await host.client.fields({ q: `only ${kind}` })).items.length;
      expect(await known()).toBe(2);
      const path = {
        trial: `/trials/${id}`,
        experiment: `/experiments/${experimentId}`,
        project: `/projects/${projectId}`,
      };
      expect((await host.delete(path[kind as keyof typeof path])).status).toBe(204);
      expect(await known()).toBe(0);
    },
  );

  it('deletes a project with all that is below it', async () => {
    const id = await newTrial();
    await host.client.reportMetadata(id, { a: 1 });
    const { projectId, experimentId } = await trialOf(id);
    expect((await host.delete(`/projects/${projectId}`)).status).toBe(204);
    for (const path of [`/projects/${projectId}`, `/experiments/${experimentId}`, `/trials/${id}`]) {
      expect((await host.get(path)).status).toBe(404);
    }
    expect(await host.value('SELECT count(*) FROM trial_metadata WHERE trial_id = $1', [id])).toBe('0');
  });

  it.each(['abc', '0', '-1', '1.5', '1e3', '99999999999999999999', '%20', '%00'])(
    'refuses the id %s with 400',
    async (id) => {
      for (const path of [`/projects/${id}`, `/experiments/${id}`, `/trials/${id}`]) {
        const { status, body } = await host.get(path);
        expect([status, body.errors[0].code]).toEqual([400, 'invalid_id']);
      }
      expect((await host.post(`/experiments/${id}/trials`, {})).status).toBe(400);
    },
  );

  it.each([1_000_000_000, 99_999_999_999])('answers 404 where there is no id %i', async (id) => {
    const answers = [
      ...['projects', 'experiments', 'trials'].flatMap((kind) => [
        host.get(`/${kind}/${id}`),
        host.patch(`/${kind}/${id}`, {}),
        host.delete(`/${kind}/${id}`),
      ]),
      host.post(`/experiments/${id}/trials`, {}),
      host.post('/experiments', { name: 'E', projectId: id }),
    ];
    for (const { status, headers, body } of await Promise.all(answers)) {
      expect([status, body.status]).toEqual([404, 404]);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body.detail).toContain(String(id));
    }
  });

  it('lists every fault of a body at once', async () => {
    const { status, body } = await host.post('/experiments', { projectId: 'x', labels: [1], colour: 'red' });
    expect(status).toBe(400);
    expect(body.errors.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
      ['colour', 'unknown_property'],
      ['name', 'value_missing'],
      ['projectId', 'value_not_accepted'],
      ['labels[0]', 'value_not_accepted'],
    ]);
  });

  it.each([
    ['no body', undefined],
    ['broken JSON', '{"name": '],
    ['a list', '[]'],
    ['null', 'null'],
    ['NUL in a name', '{"name": "a\\u0000"}'],
    ['a lone surrogate', '{"name": "\\ud800"}'],
    ['a name twice', '{"name": "a", "name": "b"}'],
    ['__proto__', '{"name": "a", "__proto__": {"admin": true}}'],
  ])('refuses %s with 400 and writes nothing', async (_, body) => {
    const before = await host.value('SELECT count(*) FROM projects');
    const answer = await host.send('POST', '/projects', body);
    expect([answer.status, answer.body.status]).toEqual([400, 400]);
    expect(await host.value('SELECT count(*) FROM projects')).toBe(before);
  });

  it('refuses another content type and a body over the limit', async () => {
    const xml = await host.post('/projects', '<name/>', { 'content-type': 'text/xml' });
    expect(xml.status).toBe(415);
    const large = await host.post('/projects', { name: 'x', description: 'y'.repeat(2 * 1024 * 1024) });
    expect(large.status).toBe(413);
  });

  describe('access', () => {
    it('shows nothing of a project that the user may not view, as if it were not there', async () => {
      const trialId = await newTrial();
      const { projectId, experimentId } = await trialOf(trialId);
      const { client, send } = host.as('eve');
      for (const path of [`/projects/${projectId}`, `/experiments/${experimentId}`, `/trials/${trialId}`]) {
        for (const method of ['GET', 'PATCH', 'DELETE']) {
          const { status, body } = await send(method, path, method === 'PATCH' ? {} : undefined);
          expect([method, path, status]).toEqual([method, path, 404]);
          expect(body.code).toMatch(/_not_found$/);
        }
      }
      expect((await send('POST', '/experiments', { name: 'E', projectId })).status).toBe(404);
      expect((await send('POST', `/experiments/${experimentId}/trials`, {})).status).toBe(404);
      expect((await send('GET', `/trials/${trialId}/metadata`)).status).toBe(404);
      const { items } = await client.call('listProjects', { query: { limit: 200 } });
      expect(items.map(({ id }) => id)).not.toContain(projectId);
    });

    it('lets a user view but not change what he is no editor of', async () => {
      const projectId = await newProject(`public ${newName()}`);
      const experimentId = await newExperiment(projectId);
      const trialId = await newTrial({}, experimentId);
      const { send } = host.as('eve');
      for (const path of [`/projects/${projectId}`, `/experiments/${experimentId}`, `/trials/${trialId}`]) {
        expect((await send('GET', path)).status).toBe(200);
        expect((await send('PATCH', path, { archived: true })).status).toBe(403);
        expect((await send('DELETE', path)).status).toBe(403);
      }
      expect((await send('POST', '/experiments', { name: 'E', projectId })).status).toBe(403);
      expect((await send('POST', `/experiments/${experimentId}/trials`, {})).status).toBe(403);
      expect((await send('POST', `/trials/${trialId}/metadata`, { metadata: { a: 1 } })).status).toBe(403);
    });

    it('lets the creator of a project edit it, and a reader create none', async () => {
      const created = await host.as('eve').send('POST', '/projects', { name: newName() });
      expect(created.status).toBe(201);
      const { id } = created.body.project;
      expect((await host.as('eve').send('PATCH', `/projects/${id}`, { description: 'mine' })).status).toBe(
        200,
      );
      expect((await host.as('mallory').send('GET', `/projects/${id}`)).status).toBe(404);
      const refused = await host.as('reader').send('POST', '/projects', { name: newName() });
      expect([refused.status, refused.body.code]).toEqual([403, 'project_creation_forbidden']);
    });
  });
});
