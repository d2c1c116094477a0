import type { AnswerOf, InputOf, SearchRequest } from 'nestjs-trial-metadata/client';
import type { ApiClient } from './support/index.js';
import { bootMaster, type TestMaster } from './support/index.js';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
type NewView = InputOf<'createView'>['body'];
type View = AnswerOf<'createView'>['view'];

const FAST: SearchRequest = {
  filter: { field: 'metadata.runtime_seconds', operator: 'lt', value: 60 },
  sort: [{ field: 'metadata.runtime_seconds', direction: 'asc' }],
  fields: ['trial.id', 'metadata.hardware.gpu'],
};

describe('the views of a project', () => {
  let master: TestMaster;
  let viewer: ApiClient;
  let projects = 0;

  beforeAll(async () => {
    master = await bootMaster();
    const { id } = (await master.post('/users', { name: 'Vera' })).body.user;
    viewer = master.as((await master.post(`/users/${id}/tokens`, {})).body.token.secret);
  });

  afterAll(() => master.close());

  /** The path of the views of a new project. */
  async function newProject(): Promise<string> {
    return `/projects/${await newProjectId()}/views`;
  }

  async function newProjectId(): Promise<number> {
    const body = { name: `project ${(projects += 1)}` };
    return (await master.client.call('createProject', { body })).project.id;
  }

  async function newView(projectId: number, view: Partial<NewView> = {}): Promise<View> {
    const body: NewView = { name: 'a', table: 'trials', search: {}, ...view };
    return (await master.client.call('createView', { path: { projectId }, body })).view;
  }

  const listViews = (projectId: number, query: InputOf<'listViews'>['query'] = {}) =>
    master.client.call('listViews', { path: { projectId }, query });

  it('keeps a search under a name, with 201 and its address', async () => {
    const path = await newProject();
    const created = await master.post(path, { name: 'Fast ones', table: 'trials', search: FAST });
    expect(created.status).toBe(201);
    const { view } = created.body;
    expect(view).toEqual({
      id: expect.any(Number),
      projectId: Number(path.split('/')[2]),
      table: 'trials',
      name: 'Fast ones',
      search: FAST,
      createdAt: ISO,
      updatedAt: view.createdAt,
      updatedBy: 'admin',
    });
    expect(created.headers.get('location')).toBe(`/api/v1${path}/${view.id}`);
    expect((await master.get(`${path}/${view.id}`)).body).toEqual({ view });
    expect((await master.get(path)).body).toEqual({ items: [view], next: null });
  });

  it('runs as the body of a search, as it was kept', async () => {
    const projectId = await newProjectId();
    await newView(projectId, { name: 'Fast ones', search: FAST });
    const { search } = (await listViews(projectId)).items[0]!;
    expect((await master.client.searchTrials(search)).items).toEqual([]);
    expect((await master.client.searchExperiments(search)).items).toEqual([]);
  });

  it('keeps every digit of a number, and members of the page that no search has', async () => {
    const path = await newProject();
    const filter = `{"field":"metadata.seed","operator":"in","value":[9007199254740993,0.1000000000000000055,-0.0]}`;
    const body = `{"name":"x","table":"trials","search":{"filter":${filter},"pinned":["trial.id"],"widths":{"__proto__":120}}}`;
    const { id } = (await master.post(path, body)).body.view;
    const { text } = await master.get(`${path}/${id}`);
    expect(text).toContain('[9007199254740993, 0.1000000000000000055, 0.0]');
    expect(text).toContain('"widths": {"__proto__": 120}');
    expect(text).toContain('"pinned": ["trial.id"]');
  });

  it('refuses a name that is taken in the project and the table, with 409', async () => {
    const path = await newProject();
    const view = { name: 'Mine', table: 'trials', search: {} };
    const { id } = (await master.post(path, { ...view, name: 'Other' })).body.view;
    expect((await master.post(path, view)).status).toBe(201);
    for (const answer of [
      await master.post(path, view),
      await master.patch(`${path}/${id}`, { name: 'Mine' }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({
        code: 'view_name_taken',
        detail: 'There is a view "Mine" of this table already. Choose another name, or change that view.',
        errors: [{ path: 'name', code: 'view_name_taken' }],
      });
    }
    expect((await master.post(path, { ...view, table: 'experiments' })).status).toBe(201);
    expect((await master.post(await newProject(), view)).status).toBe(201);
  });

  it('changes what is given and keeps the rest', async () => {
    const projectId = await newProjectId();
    const view = await newView(projectId, { table: 'experiments', search: FAST });
    const change = async (body: InputOf<'changeView'>['body']) =>
      (await master.client.call('changeView', { path: { projectId, viewId: view.id }, body })).view;
    expect(await change({ name: 'b' })).toEqual({ ...view, name: 'b', updatedAt: ISO });
    const changed = await change({ search: {} });
    expect(changed).toEqual({ ...view, name: 'b', search: {}, updatedAt: ISO });
    expect((await change({ name: 'b' })).name).toBe('b');
  });

  it.each([
    ['{}', ['name', 'value_missing'], ['table', 'value_missing'], ['search', 'value_missing']],
    ['{"name": " ", "table": "trials", "search": {}}', ['name', 'value_not_accepted']],
    ['{"name": "x", "table": "users", "search": {}}', ['table', 'value_not_accepted']],
    ['{"name": "x", "table": "trials", "search": []}', ['search', 'value_not_accepted']],
    ['{"name": "x", "table": "trials", "search": {}, "id": 3}', ['id', 'unknown_property']],
    [
      '{"name": "x", "table": "trials", "search": {"filter": {"field": "metadata.a", "operator": "like", "value": 1}}}',
      ['search.filter.operator', 'unknown_operator'],
    ],
    [
      '{"name": "x", "table": "trials", "search": {"sort": [{"field": "nothing"}]}}',
      ['search.sort[0].field', 'unknown_column'],
    ],
    ['{"name": "x", "table": "trials", "search": {"fields": [7]}}', ['search.fields[0]', 'invalid_field']],
  ])('refuses %s and says what is wrong', async (body, ...expected) => {
    const answer = await master.post(await newProject(), body);
    expect(answer.status).toBe(400);
    const errors: readonly { path: string; code: string }[] = answer.body.errors;
    expect(errors.map(({ path, code }) => [path, code])).toEqual(expected);
  });

  it('refuses a search of more than 64 KiB', async () => {
    const path = await newProject();
    const sized = (bytes: number) => ({ name: 'x', table: 'trials', search: { '': 'x'.repeat(bytes - 7) } });
    expect((await master.post(path, sized(65_536))).status).toBe(201);
    const { status, body } = await master.post(path, sized(65_537));
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { path: 'search', code: 'search_too_large', limit: 65_536, actual: 65_537 },
    ]);
  });

  it('lists page by page, of both tables or of one', async () => {
    const projectId = await newProjectId();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await newView(projectId, { name, table: name < 'd' ? 'trials' : 'experiments' });
    }
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: AnswerOf<'listViews'> = await listViews(projectId, { limit: 2, ...(after && { after }) });
      seen.push(...page.items.map(({ name }) => name));
      after = page.next;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    const { items } = await listViews(projectId, { table: 'experiments' });
    expect(items.map(({ name }) => name)).toEqual(['d', 'e']);
    const { next } = await listViews(projectId, { limit: 1 });
    const path = `/projects/${projectId}/views`;
    for (const query of [
      'table=nothing',
      'limit=0',
      'limit=201',
      'after=x',
      `after=${next}&table=experiments`,
    ]) {
      expect([query, (await master.get(`${path}?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('is read by who may view the project, and written by who may edit it', async () => {
    const path = await newProject();
    const { view } = (await master.post(path, { name: 'a', table: 'trials', search: {} })).body;
    const { id } = (await viewer.get('/me')).body.user;
    const all = async (): Promise<readonly number[]> => [
      (await viewer.get(path)).status,
      (await viewer.get(`${path}/${view.id}`)).status,
      (await viewer.post(path, { name: 'a', table: 'trials', search: {} })).status,
      (await viewer.patch(`${path}/${view.id}`, { name: 'c' })).status,
      (await viewer.delete(`${path}/${view.id}`)).status,
    ];
    expect(await all()).toEqual([404, 404, 404, 404, 404]);
    await master.put(`${path.replace('/views', '')}/members/${id}`, { role: 'viewer' });
    expect(await all()).toEqual([200, 200, 403, 403, 403]);
    await master.put(`${path.replace('/views', '')}/members/${id}`, { role: 'editor' });
    expect(await all()).toEqual([200, 200, 409, 200, 204]);
  });

  it('belongs to its project: under another it does not exist', async () => {
    const [projectId, other] = [await newProjectId(), await newProjectId()];
    const { client } = master;
    const view = await newView(projectId);
    const path = { projectId: other, viewId: view.id };
    for (const asked of [
      client.call('getView', { path }),
      client.call('changeView', { path, body: { name: 'b' } }),
      client.call('deleteView', { path }),
    ]) {
      await expect(asked).rejects.toMatchObject({ status: 404, code: 'view_not_found' });
    }
    expect(await client.call('getView', { path: { projectId, viewId: view.id } })).toEqual({ view });
    const none = client.call('getView', { path: { projectId, viewId: 0 } });
    await expect(none).rejects.toMatchObject({ status: 400 });
    await expect(listViews(99_999)).rejects.toMatchObject({ code: 'project_not_found' });
    await expect(newView(99_999)).rejects.toMatchObject({ status: 404 });
  });

  it('goes with its project', async () => {
    const projectId = await newProjectId();
    const { id } = await newView(projectId);
    await master.client.call('deleteProject', { path: { projectId } });
    expect(await master.dataSource.query('SELECT id FROM project_views WHERE id = $1', [id])).toEqual([]);
  });
});
