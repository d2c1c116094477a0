import { createHash } from 'node:crypto';
import type { ApiAnswer, ApiBody } from './support/index.js';
import { bootMaster, type TestMaster } from './support/index.js';

/** Who may use a route, by who he is. */
const RIGHTS = {
  /** Everybody, even without a token. */
  public: {
    none: 'ok',
    bad: 'ok',
    stranger: 'ok',
    viewer: 'ok',
    editor: 'ok',
    administrator: 'ok',
    outsider: 'ok',
  },
  /** Everybody with a token; what the answer holds depends on his roles. */
  everybody: {
    none: 401,
    bad: 401,
    stranger: 'ok',
    viewer: 'ok',
    editor: 'ok',
    administrator: 'ok',
    outsider: 'ok',
  },
  /** Who may see the project: to others it does not exist. */
  viewers: {
    none: 401,
    bad: 401,
    stranger: 404,
    viewer: 'ok',
    editor: 'ok',
    administrator: 'ok',
    outsider: 404,
  },
  /** Who may change the project; a viewer is told that he may not. */
  editors: {
    none: 401,
    bad: 401,
    stranger: 404,
    viewer: 403,
    editor: 'ok',
    administrator: 'ok',
    outsider: 404,
  },
  administrators: {
    none: 401,
    bad: 401,
    stranger: 403,
    viewer: 403,
    editor: 403,
    administrator: 'ok',
    outsider: 403,
  },
} as const;

type Actor = keyof (typeof RIGHTS)['public'];
const ACTORS = Object.keys(RIGHTS.public) as Actor[];

/** What a request is about; each has its own, so that nothing which one does is in the way of another. */
interface Target {
  readonly projectId: number;
  readonly experimentId: number;
  readonly trialId: number;
  readonly viewId: number;
  readonly userId: number;
  readonly tokenId: number;
}

interface Row {
  readonly rights: keyof typeof RIGHTS;
  readonly query?: string;
  readonly body?: (target: Target) => ApiBody;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it answers in Determined's wire format. */
  readonly determined?: boolean;
}

const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };
const CONDITION = { field: 'metadata.gpu', operator: 'is', value: 'A100' };

/** Every route of the OpenAPI document, with a request that succeeds for whoever may. */
const ROUTES: Readonly<Record<string, Row>> = {
  'GET /health/live': { rights: 'public' },
  'GET /health/ready': { rights: 'public' },
  'GET /metrics': { rights: 'administrators' },
  'GET /api/v1/me': { rights: 'everybody' },

  'GET /api/v1/users': { rights: 'administrators' },
  'POST /api/v1/users': { rights: 'administrators', body: ({ userId }) => ({ name: `made-${userId}` }) },
  'GET /api/v1/users/{userId}': { rights: 'administrators' },
  'PATCH /api/v1/users/{userId}': { rights: 'administrators', body: () => ({ active: false }) },
  'DELETE /api/v1/users/{userId}': { rights: 'administrators' },
  'GET /api/v1/users/{userId}/tokens': { rights: 'administrators' },
  'POST /api/v1/users/{userId}/tokens': { rights: 'administrators', body: () => ({}) },
  'DELETE /api/v1/users/{userId}/tokens/{tokenId}': { rights: 'administrators' },
  'POST /api/v1/users/{userId}/tokens/{tokenId}/rotate': { rights: 'administrators', body: () => ({}) },
  'GET /api/v1/projects/{projectId}/members': { rights: 'administrators' },
  'PUT /api/v1/projects/{projectId}/members/{userId}': {
    rights: 'administrators',
    body: () => ({ role: 'editor' }),
  },
  'DELETE /api/v1/projects/{projectId}/members/{userId}': { rights: 'administrators' },

  'GET /api/v1/projects': { rights: 'everybody' },
  'POST /api/v1/projects': {
    rights: 'administrators',
    body: ({ projectId }) => ({ name: `made-${projectId}` }),
  },
  'GET /api/v1/projects/{projectId}': { rights: 'viewers' },
  'PATCH /api/v1/projects/{projectId}': { rights: 'editors', body: () => ({ description: 'changed' }) },
  'DELETE /api/v1/projects/{projectId}': { rights: 'editors' },

  'GET /api/v1/projects/{projectId}/views': { rights: 'viewers' },
  'POST /api/v1/projects/{projectId}/views': {
    rights: 'editors',
    body: () => ({ name: 'made', table: 'trials', search: { filter: CONDITION } }),
  },
  'GET /api/v1/projects/{projectId}/views/{viewId}': { rights: 'viewers' },
  'PATCH /api/v1/projects/{projectId}/views/{viewId}': {
    rights: 'editors',
    body: () => ({ name: 'changed' }),
  },
  'DELETE /api/v1/projects/{projectId}/views/{viewId}': { rights: 'editors' },

  'GET /api/v1/experiments': { rights: 'everybody' },
  'POST /api/v1/experiments': {
    rights: 'editors',
    body: ({ projectId }) => ({ name: 'made', projectId }),
  },
  'POST /api/v1/experiments/search': { rights: 'everybody', body: () => ({ filter: CONDITION }) },
  'GET /api/v1/experiments/{experimentId}': { rights: 'viewers' },
  'PATCH /api/v1/experiments/{experimentId}': { rights: 'editors', body: () => ({ name: 'changed' }) },
  'DELETE /api/v1/experiments/{experimentId}': { rights: 'editors' },
  'POST /api/v1/experiments/{experimentId}/trials': { rights: 'editors', body: () => ({}) },

  'GET /api/v1/trials': { rights: 'everybody' },
  'POST /api/v1/trials/search': { rights: 'everybody', body: () => ({ filter: CONDITION }) },
  'POST /api/v1/trials/compare': { rights: 'viewers', body: ({ trialId }) => ({ trialIds: [trialId] }) },
  'POST /api/v1/trials/aggregate': {
    rights: 'everybody',
    body: () => ({ groupBy: ['metadata.gpu'], measures: [{ field: 'metadata.seconds', op: 'mean' }] }),
  },
  'GET /api/v1/trials/export': { rights: 'everybody', query: '?format=jsonl' },
  'GET /api/v1/trials/{trialId}': { rights: 'viewers' },
  'PATCH /api/v1/trials/{trialId}': { rights: 'editors', body: () => ({ state: 'COMPLETED' }) },
  'DELETE /api/v1/trials/{trialId}': { rights: 'editors' },

  'GET /api/v1/trials/{trialId}/metadata': { rights: 'viewers' },
  'POST /api/v1/trials/{trialId}/metadata': { rights: 'editors', body: () => ({ metadata: { a: 1 } }) },
  'PUT /api/v1/trials/{trialId}/metadata': { rights: 'editors', body: () => ({ metadata: { a: 1 } }) },
  'PATCH /api/v1/trials/{trialId}/metadata': {
    rights: 'editors',
    body: () => ({ metadata: { a: 1 } }),
    headers: MERGE_PATCH,
  },
  'DELETE /api/v1/trials/{trialId}/metadata': { rights: 'editors' },
  'GET /api/v1/trials/{trialId}/metadata/history': { rights: 'viewers' },
  'POST /api/v1/trials/{trialId}/metadata/revert': { rights: 'editors', body: () => ({ revision: 0 }) },

  'GET /api/v1/metadata/limits': { rights: 'everybody' },
  'GET /api/v1/metadata/changes': { rights: 'everybody' },
  'GET /api/v1/metadata/fields': { rights: 'everybody' },
  'GET /api/v1/metadata/values': { rights: 'everybody', query: '?field=metadata.gpu' },
  'GET /api/v1/metadata/indexes': { rights: 'administrators' },
  'PUT /api/v1/metadata/indexes/{field}': { rights: 'administrators' },
  'DELETE /api/v1/metadata/indexes/{field}': { rights: 'administrators' },
  'POST /api/v1/metadata/batch': {
    rights: 'editors',
    body: ({ trialId }) => ({ reports: [{ trialId, metadata: { a: 1 } }] }),
  },
  // In Determined's wire format, its errors too.
  'GET /api/v1/master': { rights: 'public', determined: true },
  'POST /api/v1/auth/login': {
    rights: 'public',
    determined: true,
    body: () => ({ username: 'admin', password: 'administrator-of-the-tests' }),
  },
  'POST /api/v1/auth/logout': { rights: 'everybody', determined: true },
  'GET /api/v1/runs/{runId}/metadata': { rights: 'viewers', determined: true },
  'POST /api/v1/runs/{runId}/metadata': {
    rights: 'editors',
    determined: true,
    body: () => ({ metadata: { a: 1 } }),
  },
  'POST /api/v1/runs': { rights: 'everybody', determined: true, body: () => ({}) },
  'GET /api/v1/projects/{projectId}/columns': { rights: 'viewers', determined: true },
  'GET /api/v1/projects/{projectId}/metadata/{key}': { rights: 'viewers', determined: true },
  'POST /api/v1/import/determined': { rights: 'administrators', body: () => ({}) },
  // Which lines it takes depends on the projects that they name: see the import's own tests.
  'POST /api/v1/import': {
    rights: 'everybody',
    body: () => '',
    headers: { 'content-type': 'application/x-ndjson' },
  },
};

/** How the trials of this file begin; no refused request may change it. */
const METADATA = { gpu: 'A100', seconds: 60 };

describe('every route for everybody', () => {
  let master: TestMaster;
  const targets = new Map<string, Target>();
  const tokens = new Map<Actor, string | undefined>();
  const refused: Target[] = [];

  beforeAll(async () => {
    master = await bootMaster({ failedSignInsPerMinute: 1_000_000 });
    const pairs = Object.keys(ROUTES).flatMap((route) => ACTORS.map((actor) => `${route} ${actor}`));
    for (const [index, pair] of pairs.entries()) targets.set(pair, await makeTarget(index));
    const reports = [...targets.values()].map(({ trialId }) => ({ trialId, metadata: METADATA }));
    expect((await master.post('/metadata/batch', { reports })).status).toBe(200);

    tokens.set('none', undefined).set('bad', 'tm_nobody-has-this-token');
    const users = new Map<Actor, number>();
    for (const actor of ['stranger', 'viewer', 'editor', 'administrator', 'outsider'] as const) {
      const body = { name: actor, administrator: actor === 'administrator' };
      const { id } = (await master.post('/users', body)).body.user;
      users.set(actor, id);
      tokens.set(actor, (await master.post(`/users/${id}/tokens`, {})).body.token.secret);
    }
    const other = (await master.post('/projects', { name: 'another' })).body.project.id;
    await master.put(`/projects/${other}/members/${users.get('outsider')}`, { role: 'editor' });
    for (const actor of ['viewer', 'editor'] as const) {
      await master.dataSource.query(
        `INSERT INTO project_members (project_id, user_id, role) SELECT id, $1, $2 FROM projects WHERE id <> $3`,
        [users.get(actor), actor, other],
      );
    }
  });

  afterAll(() => master.close());

  async function makeTarget(index: number): Promise<Target> {
    const [row] = await master.dataSource.query(
      `WITH project AS (INSERT INTO projects (name, created_at) VALUES ($1, now()) RETURNING id),
         experiment AS (INSERT INTO experiments (project_id, name) SELECT id, 'e' FROM project RETURNING id),
         trial AS (INSERT INTO trials (experiment_id) SELECT id FROM experiment RETURNING id),
         view AS (INSERT INTO project_views (project_id, table_name, name, search, created_at, updated_at)
           SELECT id, 'trials', 'v', '{}', now(), now() FROM project RETURNING id),
         person AS (INSERT INTO users (name, created_at) VALUES ($1, now()) RETURNING id),
         token AS (INSERT INTO user_tokens (user_id, name, hash, prefix, created_at)
           SELECT id, 't', $2, 'tm_', now() FROM person RETURNING id),
         member AS (INSERT INTO project_members (project_id, user_id, role)
           SELECT project.id, person.id, 'viewer' FROM project, person)
       SELECT project.id AS project, experiment.id AS experiment, trial.id AS trial, view.id AS view, person.id AS person, token.id AS token
         FROM project, experiment, trial, view, person, token`,
      [`target ${index}`, createHash('sha256').update(`token ${index}`).digest()],
    );
    return {
      projectId: Number(row.project),
      experimentId: Number(row.experiment),
      trialId: Number(row.trial),
      viewId: Number(row.view),
      userId: Number(row.person),
      tokenId: Number(row.token),
    };
  }

  async function ask(route: string, row: Row, actor: Actor, target: Target): Promise<ApiAnswer> {
    const [method = '', template = ''] = route.split(' ');
    const values: Readonly<Record<string, number | string>> = {
      ...target,
      runId: target.trialId,
      key: 'gpu',
      field: 'gpu',
    };
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
    const client = master.as(tokens.get(actor));
    return await client.send(method, `/${path}${row.query ?? ''}`, row.body?.(target), row.headers);
  }

  it('is about every route of the OpenAPI document', async () => {
    const { paths } = (await master.get('//api/openapi.json')).body;
    const documented = Object.entries<object>(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  describe.each(Object.entries(ROUTES))('%s', (route, row) => {
    it.each(Object.entries(RIGHTS[row.rights]) as [Actor, 'ok' | number][])(
      `is as it should be for: %s (%s)`,
      async (actor, expected) => {
        const target = targets.get(`${route} ${actor}`)!;
        const answer = await ask(route, row, actor, target);
        if (expected === 'ok') {
          expect([answer.status, answer.text]).toEqual([expect.any(Number), answer.text]);
          expect(answer.status).toBeGreaterThanOrEqual(200);
          expect(answer.status).toBeLessThan(300);
          return;
        }
        refused.push(target);
        expect(answer.status).toBe(expected);
        if (row.determined) {
          const error = { code: { 401: 16, 403: 7, 404: 5 }[expected], error: expect.any(String) };
          expect(answer.body).toMatchObject({ error });
        } else {
          expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
          expect(answer.body).toMatchObject({ status: expected, code: expect.any(String) });
        }
        if (expected === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      },
    );
  });

  it('has changed nothing for anybody who was refused', async () => {
    expect(refused.length).toBeGreaterThan(150);
    const [row] = await master.dataSource.query(
      `SELECT count(*) AS count FROM trials JOIN trial_metadata ON trial_id = trials.id
         JOIN experiments ON experiments.id = experiment_id JOIN projects ON projects.id = project_id
        WHERE trials.id = ANY ($1) AND metadata = $2 AND revision = 1 AND trials.state = 'ACTIVE'
          AND projects.description = '' AND experiments.name = 'e'`,
      [refused.map(({ trialId }) => trialId), METADATA],
    );
    expect(Number(row.count)).toBe(refused.length);
    const [views] = await master.dataSource.query(
      `SELECT count(*) AS count FROM project_views WHERE project_id = ANY ($1) AND name = 'v'`,
      [refused.map(({ projectId }) => projectId)],
    );
    expect(Number(views.count)).toBe(refused.length);
    const [users] = await master.dataSource.query(
      `SELECT count(*) AS count FROM users JOIN user_tokens ON user_id = users.id
         JOIN project_members USING (user_id)
        WHERE users.id = ANY ($1) AND active AND revoked_at IS NULL AND role = 'viewer'`,
      [refused.map(({ userId }) => userId)],
    );
    expect(Number(users.count)).toBe(refused.length);
    const [made] = await master.dataSource.query(
      `SELECT (SELECT count(*) FROM projects WHERE name LIKE 'made-%') + (SELECT count(*) FROM users WHERE name LIKE 'made-%') AS count`,
    );
    expect(Number(made.count)).toBe(2);
  });

  it('answers about what one may not see as about what is not there, to the letter', async () => {
    const stranger = master.as(tokens.get('stranger'));
    for (const [route, row] of Object.entries(ROUTES)) {
      if (row.rights !== 'viewers' && row.rights !== 'editors') continue;
      const hidden = targets.get(`${route} stranger`)!;
      const nothing = {
        projectId: 9e9,
        experimentId: 9e9,
        trialId: 9e9,
        viewId: 9e9,
        userId: 9e9,
        tokenId: 9e9,
      };
      const [seen, absent] = [
        await ask(route, row, 'stranger', hidden),
        await ask(route, row, 'stranger', nothing),
      ];
      const text = seen.text.replaceAll(
        new RegExp(
          `\\b(${hidden.projectId}|${hidden.experimentId}|${hidden.trialId}|${hidden.viewId})\\b`,
          'g',
        ),
        '9000000000',
      );
      expect([route, seen.status, text]).toEqual([route, absent.status, absent.text]);
      expect([...seen.headers.keys()]).toEqual([...absent.headers.keys()]);
    }
    expect((await stranger.get('/trials?count=exact')).body).toMatchObject({
      items: [],
      total: { value: 0 },
    });
  });
});
