import { bootMaster, type ApiAnswer, type ApiClient, type TestMaster } from '../support/index.js';

const SDK = { 'user-agent': 'python-requests/2.31.0' };
const PLACE = 'LOCATION_TYPE_RUN_METADATA';

interface Column {
  readonly column: string;
  readonly location: string;
  readonly type: string;
}

describe("Determined's routes", () => {
  let master: TestMaster;
  let projects = 0;

  beforeAll(async () => {
    master = await bootMaster();
  });

  afterAll(() => master.close());

  async function newProject(): Promise<number> {
    projects += 1;
    return (await master.post('/projects', { name: `project ${projects}` })).body.project.id;
  }

  async function newExperiment(projectId: number): Promise<number> {
    return (await master.post('/experiments', { name: 'E', projectId })).body.experiment.id;
  }

  async function newRun(experimentId: number, metadata?: object): Promise<number> {
    const { id } = (await master.post(`/experiments/${experimentId}/trials`, {})).body.trial;
    if (metadata !== undefined) await master.put(`/trials/${id}/metadata`, { metadata });
    return id;
  }

  const newLooseRun = async (metadata?: object) => newRun(await newExperiment(await newProject()), metadata);

  const search = (body: object, client: ApiClient = master) => client.post('/runs', body);
  const idsOf = ({ body }: ApiAnswer): readonly number[] => body.runs.map((run: { id: number }) => run.id);
  const fieldFilter = (field: object) =>
    JSON.stringify({ filterGroup: { kind: 'field', location: PLACE, ...field } });

  describe('about the metadata of a run', () => {
    it.each([
      '',
      'application/json',
      'application/json; charset=utf-8',
      'application/x-www-form-urlencoded',
      'text/plain',
    ])('take a body of any content type: "%s"', async (type) => {
      const run = await newLooseRun();
      const answer = await master.post(`/runs/${run}/metadata`, '{"metadata":{"n":9007199254740993.10}}', {
        'content-type': type,
      });
      expect([answer.status, answer.text]).toEqual([200, '{"metadata":{"n": 9007199254740993.10}}']);
    });

    it('take a slash at the end, and answer 200 to every method', async () => {
      const run = await newLooseRun();
      expect((await master.post(`/runs/${run}/metadata/`, { metadata: { a: 1 } })).status).toBe(200);
      expect((await master.get(`/runs/${run}/metadata/`)).body).toEqual({ metadata: { a: 1 } });
    });

    it('tell a run that is not there, or is no run', async () => {
      for (const [path, status, code, error] of [
        ['/runs/999999/metadata', 404, 5, "trial '999999' not found"],
        ['/runs/0/metadata', 404, 5, "trial '0' not found"],
        ['/runs/-1/metadata', 404, 5, "trial '-1' not found"],
        ['/runs/99999999999999999999/metadata', 404, 5, "trial '99999999999999999999' not found"],
        ['/runs/abc/metadata', 400, 3, 'invalid run id: abc'],
        ['/runs/1.5/metadata', 400, 3, 'invalid run id: 1.5'],
      ] as const) {
        const answer = await master.get(path);
        expect([path, answer.status]).toEqual([path, status]);
        expect(answer.body.error).toMatchObject({ code, error });
      }
    });

    it.each([
      ['broken JSON', '{"metadata": {', 400, 3],
      ['a duplicate key', '{"metadata": {"a": 1, "a": 2}}', 400, 3],
      ['NUL', '{"metadata": {"a": "\\u0000"}}', 400, 3],
      ['a list', '{"metadata": [1]}', 400, 3],
      ['a text', '{"metadata": "a"}', 400, 3],
      ['a body that is no object', '[]', 400, 3],
      ['brackets without end', '['.repeat(100_000), 400, 3],
      ['a body that is too large', `{"metadata": {"a": "${'x'.repeat(2_000_000)}"}}`, 413, 8],
    ])("refuse %s in Determined's shape", async (_, body, status, code) => {
      const run = await newLooseRun({ kept: 1 });
      const answer = await master.post(`/runs/${run}/metadata`, body);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({
        error: { code, reason: expect.any(String), error: expect.stringMatching(/.+/) },
      });
      expect((await master.get(`/runs/${run}/metadata`)).body).toEqual({ metadata: { kept: 1 } });
    });

    it('keep one revision a change, with its author', async () => {
      const run = await newLooseRun();
      for (const metadata of [{ a: 1 }, { a: 1 }, { a: 2 }, {}])
        await master.post(`/runs/${run}/metadata`, { metadata });
      const { items } = (await master.get(`/trials/${run}/metadata/history`)).body;
      expect(items).toMatchObject([
        { revision: 3, source: 'delete', updatedBy: 'admin' },
        { revision: 2, source: 'set' },
        { revision: 1, source: 'set' },
      ]);
    });

    it('ask for a token, in either header', async () => {
      const run = await newLooseRun();
      const nobody = master.as(undefined);
      const path = `/runs/${run}/metadata`;
      const missing = await nobody.get(path);
      expect(missing.status).toBe(401);
      expect(missing.body).toMatchObject({ error: { code: 16, reason: 'Unauthenticated' } });
      expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer /);
      const header = { 'Grpc-Metadata-x-allocation-token': `Bearer ${master.token}` };
      expect((await nobody.get(path, header)).status).toBe(200);
      expect((await nobody.get('/me', header)).status).toBe(200);
      expect((await nobody.get(path, { 'Grpc-Metadata-x-allocation-token': 'Bearer wrong' })).status).toBe(
        401,
      );
    });

    it('leave no writer of 25 without an answer', async () => {
      const run = await newLooseRun();
      const documents = Array.from({ length: 25 }, (_, index) => ({ [`key${index}`]: index }));
      const answers = await Promise.all(
        documents.map((metadata) => master.post(`/runs/${run}/metadata`, { metadata })),
      );
      expect(answers.map(({ status, body }) => [status, body.metadata])).toEqual(
        documents.map((metadata) => [200, metadata]),
      );
      expect(documents).toContainEqual((await master.get(`/runs/${run}/metadata`)).body.metadata);
      expect((await master.get(`/trials/${run}/metadata`)).body.revision).toBe(25);
    });
  });

  describe('GET /trials/:id', () => {
    it("answers the SDK in Determined's form, and others in the REST API's", async () => {
      const run = await newLooseRun();
      const path = `/trials/${run}`;
      expect((await master.get(path)).body.trial).toMatchObject({ id: run, state: 'ACTIVE', number: null });
      expect((await master.get(path, SDK)).body.trial).toMatchObject({
        id: run,
        state: 'STATE_ACTIVE',
        hparams: {},
      });
      expect((await master.get(path, { ...SDK, accept: 'application/json' })).body.trial.state).toBe(
        'ACTIVE',
      );
      const container = { 'Grpc-Metadata-x-allocation-token': 'Bearer x' };
      expect((await master.get(path, container)).body.trial.state).toBe('STATE_ACTIVE');
      expect((await master.get(path)).headers.get('vary')).toContain('User-Agent');
    });

    it('leaves metadata out of a trial that never had any, and only of such', async () => {
      const run = await newLooseRun();
      for (const headers of [{}, SDK]) {
        expect((await master.get(`/trials/${run}`, headers)).body.trial).not.toHaveProperty('metadata');
      }
      await master.post(`/runs/${run}/metadata`, { metadata: { a: 1 } });
      await master.post(`/runs/${run}/metadata`, { metadata: {} });
      for (const headers of [{}, SDK]) {
        expect((await master.get(`/trials/${run}`, headers)).body.trial.metadata).toEqual({});
      }
    });

    it('tells each of its clients of a trial that is not there', async () => {
      expect((await master.get('/trials/999999')).headers.get('content-type')).toContain(
        'application/problem+json',
      );
      const answer = await master.get('/trials/999999', SDK);
      expect([answer.status, answer.body]).toEqual([
        404,
        { error: { code: 5, reason: 'NotFound', error: "trial '999999' not found" } },
      ]);
      expect((await master.get('/trials/abc', SDK)).body.error.code).toBe(3);
    });
  });

  describe('SearchRuns', () => {
    it('answers all runs, however many there are, in pages as asked for', async () => {
      const projectId = await newProject();
      const experiment = await newExperiment(projectId);
      await master.dataSource.query(
        'INSERT INTO trials (experiment_id) SELECT $1 FROM generate_series(1, 1203)',
        [experiment],
      );
      const all = idsOf(await search({ projectId, limit: -1 }));
      expect(all).toHaveLength(1203);
      expect(all).toEqual([...all].sort((a, b) => a - b));
      expect(idsOf(await search({ projectId }))).toEqual(all.slice(0, 100));
      expect(idsOf(await search({ projectId, limit: 700, offset: 300 }))).toEqual(all.slice(300, 1000));
      expect(idsOf(await search({ projectId, limit: -1, offset: -600, sort: 'id=desc' }))).toEqual(
        all.slice(0, 600).reverse(),
      );
      expect((await search({ projectId, limit: 5, offset: -7 })).body.pagination).toEqual({
        offset: -7,
        limit: 5,
        startIndex: 1196,
        endIndex: 1201,
        total: 1203,
      });
      expect((await search({ projectId, offset: 5000 })).body).toMatchObject({
        runs: [],
        pagination: { startIndex: 1203, endIndex: 1203, total: 1203 },
      });
    });

    it('takes an empty body, numbers as text, null for absent, and members that it does not know', async () => {
      const projectId = await newProject();
      const run = await newRun(await newExperiment(projectId));
      expect((await master.post('/runs', '')).status).toBe(200);
      const body = { projectId: String(projectId), limit: null, filter: null, sort: null, colour: 'red' };
      expect(idsOf(await search(body))).toEqual([run]);
    });

    it.each([
      [{ limit: 1.5 }, 'invalid limit'],
      [{ offset: 'x' }, 'invalid offset'],
      [{ projectId: 2 ** 40 }, 'invalid projectId'],
      [{ filter: {} }, 'invalid filter'],
      [{ filter: 'x' }, 'invalid filter'],
      [{ sort: ['id'] }, 'invalid sort'],
      [{ sort: 'id=asc,id' }, 'invalid sort parameter: id'],
    ])('refuses %j', async (body, message) => {
      const answer = await search(body);
      expect([answer.status, answer.body.error.code]).toEqual([400, 3]);
      expect(answer.body.error.error).toContain(message);
    });

    it('shows runs with experiment, project and times', async () => {
      const projectId = await newProject();
      const experiment = await newExperiment(projectId);
      const run = await newRun(experiment, { a: 1 });
      await master.patch(`/trials/${run}`, {
        state: 'COMPLETED',
        startTime: '2024-05-09T03:00:00Z',
        endTime: '2024-05-09T03:10:00.5Z',
      });
      await master.patch(`/experiments/${experiment}`, {
        labels: ['x', 'y'],
        description: 'about',
        archived: true,
      });
      await master.patch(`/projects/${projectId}`, { archived: true });
      expect((await search({ projectId })).body.runs).toEqual([
        {
          id: run,
          startTime: '2024-05-09T03:00:00.000Z',
          endTime: '2024-05-09T03:10:00.500Z',
          duration: 600,
          state: 'STATE_COMPLETED',
          labels: '["x", "y"]',
          checkpointSize: '0',
          checkpointCount: 0,
          projectId,
          projectName: `project ${projects}`,
          workspaceId: 1,
          workspaceName: 'Uncategorized',
          archived: true,
          parentArchived: true,
          summaryMetrics: {},
          experiment: {
            id: experiment,
            name: 'E',
            description: 'about',
            isMultitrial: false,
            progress: 0,
            resourcePool: '',
            searcherMetric: '',
            searcherType: '',
            unmanaged: true,
          },
          metadata: { a: 1 },
        },
      ]);
    });
  });

  it('name columns so that filters, sorts and suggestions take every name as it is', async () => {
    const projectId = await newProject();
    const experiment = await newExperiment(projectId);
    const keys = [
      'plain',
      'a.b',
      'with space',
      'a,b',
      'a=b',
      '"quoted"',
      'it"s',
      '',
      '[0]',
      '%',
      'x/y',
      'é😀',
      '__proto__',
      'metadata',
      "'; DROP TABLE trials; --",
    ];
    const metadata = new Map(keys.map((key) => [key, { [key]: `value of ${key}` }]));
    const text = `{"metadata":{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata.get(key))}`).join(',')}}}`;
    // Not by JSON.stringify of an object, which has no key __proto__.
    const withProto = text.replace('"__proto__":{}', '"__proto__":{"__proto__":"value of __proto__"}');
    const run = await newRun(experiment);
    const other = await newRun(experiment);
    expect((await master.post(`/runs/${run}/metadata`, withProto)).status).toBe(200);
    const { columns } = (await master.get(`/projects/${projectId}/columns?tableType=TABLE_TYPE_RUN`)).body;
    const ours = (columns as readonly Column[]).filter(({ location }) => location === PLACE);
    expect(ours.map(({ type }) => type)).toEqual(keys.map(() => 'COLUMN_TYPE_TEXT'));
    for (const { column, type } of ours) {
      const is = fieldFilter({ columnName: column, type, operator: 'notEmpty' });
      expect([column, idsOf(await search({ projectId, filter: is }))]).toEqual([column, [run]]);
      const sorted = idsOf(await search({ projectId, sort: `${column}=asc` }));
      expect([column, sorted]).toEqual([column, [run, other]]);
      const key = encodeURIComponent(column.slice('metadata.'.length));
      const { values } = (await master.get(`/projects/${projectId}/metadata/${key}`)).body;
      expect([column, values]).toEqual([column, [expect.stringMatching(/^value of /)]]);
    }
    expect(ours).toHaveLength(keys.length);
    // The SDK does not escape slashes.
    expect((await master.get(`/projects/${projectId}/metadata/x/y.x/y`)).body.values).toEqual([
      'value of x/y',
    ]);
  });

  it('take the longest paths, and refuse longer ones', async () => {
    const deep = (length: number): string => `metadata.${Array(length).fill('a').join('.')}`;
    for (const [length, status] of [
      [64, 200],
      [65, 400],
      [400_000, 400],
    ] as const) {
      for (const operator of ['=', '!=', 'isEmpty']) {
        const filter = fieldFilter({
          columnName: deep(length),
          type: 'COLUMN_TYPE_TEXT',
          operator,
          value: 'x',
        });
        expect((await search({ filter })).status).toBe(status);
      }
      expect((await search({ sort: `${deep(length)}=desc` })).status).toBe(status);
    }
  });

  it('show a user nothing of a project that he may not see', async () => {
    const [seen, hidden] = [await newProject(), await newProject()];
    const visible = await newRun(await newExperiment(seen), { common: 'seen' });
    await newRun(await newExperiment(hidden), { common: 'secret', secretKey: 'secret' });
    const { id } = (await master.post('/users', { name: `viewer ${seen}` })).body.user;
    const { secret } = (await master.post(`/users/${id}/tokens`, {})).body.token;
    await master.put(`/projects/${seen}/members/${id}`, { role: 'viewer' });
    const viewer = master.as(secret);
    expect(idsOf(await search({}, viewer))).toEqual([visible]);
    expect((await search({ limit: -2 }, viewer)).body.pagination.total).toBe(1);
    const known = fieldFilter({
      columnName: 'metadata.secretKey',
      type: 'COLUMN_TYPE_TEXT',
      operator: 'notEmpty',
    });
    expect(idsOf(await search({ filter: known }, viewer))).toEqual([]);
    for (const path of [`/projects/${hidden}/columns`, `/projects/${hidden}/metadata/common`]) {
      const answer = await viewer.get(path);
      expect([answer.status, answer.body.error.error]).toEqual([404, `project '${hidden}' not found`]);
    }
    expect((await search({ projectId: hidden }, viewer)).body.error).toMatchObject({ code: 5 });
    expect((await viewer.get(`/projects/${seen}/columns`)).text).not.toContain('secret');
    expect((await viewer.get(`/projects/${seen}/metadata/common`)).body).toEqual({ values: ['seen'] });
    const refused = await viewer.post(`/runs/${visible}/metadata`, { metadata: {} });
    expect([refused.status, refused.body.error.code, refused.body.error.reason]).toEqual([
      403,
      7,
      'PermissionDenied',
    ]);
  });

  describe('sign-in', () => {
    const signIn = (body: object) => master.as(undefined).post('/auth/login', body);

    it('gives a token for a name and a password, and takes it back', async () => {
      await master.post('/users', { name: 'ada', password: 'correct horse' });
      const answer = await signIn({ username: 'ada', password: 'correct horse' });
      expect(answer.status).toBe(200);
      expect(answer.body.user).toMatchObject({ username: 'ada', admin: false, active: true });
      const ada = master.as(answer.body.token);
      expect((await ada.get('/me', SDK)).body.user.username).toBe('ada');
      expect((await ada.post('/auth/logout', '')).status).toBe(200);
      expect((await ada.get('/me')).status).toBe(401);
    });

    it.each([
      [{ username: 'admin', password: 'wrong' }, 403],
      [{ username: 'nobody', password: 'wrong' }, 403],
      [{}, 403],
      [{ username: 5, password: 'x' }, 400],
    ])('refuses %j with %i', async (body, status) => {
      const answer = await signIn(body);
      expect([answer.status, answer.body.error.code]).toEqual([status, status === 403 ? 7 : 3]);
      if (status === 403) expect(answer.body.error.error).toBe('invalid credentials');
    });
  });
});
