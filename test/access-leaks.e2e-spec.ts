import type { ApiAnswer, ApiBody } from './support/index.js';
import { bootMaster, type TestMaster } from './support/index.js';
import { settledChanges } from './support/settled-changes.js';

/** A request that looks for something of project B. */
interface Probe {
  readonly method: string;
  readonly path: string;
  readonly body?: ApiBody;
  readonly headers?: Readonly<Record<string, string>>;
}

const get = (path: string, headers?: Probe['headers']): Probe => ({
  method: 'GET',
  path,
  ...(headers === undefined ? {} : { headers }),
});
const send = (method: string, path: string, body: ApiBody, headers?: Probe['headers']): Probe => ({
  method,
  path,
  body,
  ...(headers === undefined ? {} : { headers }),
});
const post = (path: string, body: ApiBody, headers?: Probe['headers']) => send('POST', path, body, headers);

const A = 1;
const B = 2;
const TRIAL_A = 1;
/** Of B in the one database, of nobody in the other. */
const TRIAL_B = 9;
const EXPERIMENT_B = 2;
const VIEW_B = 2;

const CONDITIONS: readonly object[] = [
  { field: 'metadata.codename', operator: 'is', value: 'Bluebird' },
  { field: 'metadata.codename', operator: 'exists' },
  { field: 'metadata.codename', operator: 'contains', value: 'Blue' },
  // Near to names that B alone has, for "did you mean".
  { field: 'metadata.codenam', operator: 'is', value: 1 },
  { field: 'metadata.runtime_secondz', operator: 'gt', value: 1 },
  { field: 'metadata.gpu', operator: 'is', value: 'nothing' },
  { field: 'metadata.only', operator: 'is', value: 'nothing' },
  // A has strings here, B numbers and objects too: for hints of the type.
  { field: 'metadata.gpu', operator: 'is', value: 80 },
  { field: 'metadata.gpu', operator: 'gt', value: 10 },
  { field: 'metadata.gpu.memory', operator: 'gte', value: 1 },
  { field: 'metadata.runtime_seconds', operator: 'is', value: 'sixty' },
  { field: 'metadata.runtime_seconds', operator: 'gt', value: 1_000_000 },
  { field: 'metadata.huge', operator: 'gt', value: 0 },
  { field: 'metadata.batch_size', operator: 'isNot', value: 64 },
  { field: 'experiment.name', operator: 'is', value: 'hidden experiment' },
  { field: 'experiment.name', operator: 'contains', value: 'hidden' },
  { field: 'experiment.labels', operator: 'contains', value: 'hidden' },
  { field: 'project.name', operator: 'is', value: 'Project B' },
  { field: 'project.id', operator: 'is', value: B },
  { field: 'trial.id', operator: 'is', value: TRIAL_B },
  { field: 'trial.state', operator: 'is', value: 'ERROR' },
];
const FILTERS: readonly object[] = [
  ...CONDITIONS,
  { or: CONDITIONS.slice(0, 6) },
  { and: CONDITIONS.slice(0, 6) },
  { not: CONDITIONS[1] },
  { and: [] },
];
const SORTS: readonly object[] = [
  [{ field: 'metadata.gpu', direction: 'desc' }],
  [{ field: 'metadata.huge', direction: 'asc', as: 'number' }],
  [{ field: 'metadata.codename', direction: 'desc', as: 'text' }],
  [{ field: 'experiment.name', direction: 'asc' }],
];
const FIELDS = [
  'metadata.codename',
  'metadata.gpu',
  'metadata.gpu.memory',
  'metadata.huge',
  'metadata.only',
  'experiment.name',
  'experiment.labels',
  'project.name',
  'trial.state',
];
const TYPOS = ['codenam', 'code', 'gp', 'hug', 'runtime', 'memory', ''];

const READS: readonly Probe[] = [
  get('/me'),
  get('/projects'),
  get('/projects?limit=1'),
  get(`/projects/${B}`),
  get(`/projects/${B}/members`),
  ...[A, B].flatMap((id) => [
    get(`/projects/${id}/views`),
    get(`/projects/${id}/views?table=trials&limit=1`),
    get(`/projects/${id}/views/${VIEW_B}`),
  ]),
  get(`/experiments/${EXPERIMENT_B}`),
  get(`/trials/${TRIAL_B}`),
  get(`/trials/${TRIAL_B}/metadata`),
  get(`/trials/${TRIAL_B}/metadata?revision=1`),
  get(`/trials/${TRIAL_B}/metadata?revision=99`),
  get(`/trials/${TRIAL_B}/metadata`, { 'if-none-match': '"1"' }),
  get(`/trials/${TRIAL_B}/metadata/history`),
  get(`/trials/${TRIAL_B}/metadata/history?limit=1&after=2`),
  get('/users'),
  get('//metrics'),
  get('/metadata/limits'),
  get('/metadata/changes'),
  get('/metadata/changes?limit=3'),
  get('/metadata/changes?after=latest'),
  ...['search', 'aggregate', 'compare'].flatMap((verb) =>
    FILTERS.flatMap((filter) => [
      post(`/trials/${verb}`, verb === 'aggregate' ? aggregate(filter, 'metadata.gpu') : { filter }),
      ...(verb === 'search'
        ? [
            post('/experiments/search', { filter, count: 'exact' }),
            post('/trials/search', { filter, count: 'exact', limit: 1 }),
            post('/trials/search', { filter, projectId: B }),
            post('/trials/search', { filter, projectId: A, archived: true }),
            get(`/metadata/values?field=metadata.gpu&filter=${encodeURIComponent(JSON.stringify(filter))}`),
            get(`/trials/export?format=csv&filter=${encodeURIComponent(JSON.stringify(filter))}`),
            get(`/trials/export?format=jsonl&filter=${encodeURIComponent(JSON.stringify(filter))}`),
          ]
        : []),
    ]),
  ),
  ...SORTS.flatMap((sort) => [
    post('/trials/search', { sort, limit: 2 }),
    post('/experiments/search', { sort, limit: 1 }),
    post('/trials/search', { sort, offset: 3 }),
  ]),
  ...FIELDS.flatMap((field) => [
    get(`/metadata/values?field=${field}`),
    get(`/metadata/values?field=${field}&limit=1`),
    get(`/metadata/values?field=${field}&projectId=${B}`),
    get(`/metadata/values?field=${field}&q=b`),
    post('/trials/aggregate', aggregate({ and: [] }, field)),
    post('/trials/search', { fields: [field] }),
    post('/experiments/search', { fields: [field] }),
    get(`/trials/export?format=csv&fields=${encodeURIComponent(JSON.stringify([field]))}`),
  ]),
  ...TYPOS.flatMap((q) => [
    get(`/metadata/fields?q=${q}`),
    get(`/metadata/fields?q=${q}&limit=1`),
    get(`/metadata/fields?q=${q}&order=trials`),
    get(`/metadata/fields?q=${q}&projectId=${B}`),
    get(`/trials?metadata.${q === '' ? 'x' : q}=1`),
    get(`/experiments?metadata.${q === '' ? 'x' : q}[gt]=1`),
  ]),
  get('/metadata/indexes'),
  get(`/runs/${TRIAL_B}/metadata`),
  get(`/projects/${B}/columns`),
  get(`/projects/${A}/columns`),
  ...['codename', 'gpu', 'nothing'].flatMap((key) =>
    [A, B].map((id) => get(`/projects/${id}/metadata/${key}`)),
  ),
  post('/runs', {}),
  post('/runs', { limit: 2, offset: 7 }),
  post('/runs', { projectId: B }),
  ...['metadata.codename', 'metadata.gpu', 'metadata.huge'].flatMap((field) => [
    post('/runs', { sort: `${field}=desc` }),
    post('/runs', { filter: runFilter(field, 'contains', 'B') }),
    post('/runs', { filter: runFilter(field, 'isEmpty', null) }),
  ]),
  post('/trials/compare', { trialIds: [TRIAL_A, TRIAL_B] }),
  post('/trials/compare', { trialIds: [TRIAL_B] }),
  post('/trials/compare', { trialIds: [TRIAL_A], baseline: TRIAL_B }),
  post('/trials/compare', { filter: { and: [] }, summary: true }),
  post('/trials/compare', { filter: { and: [] }, projectId: B }),
  post('/trials/aggregate', {
    filter: { and: [] },
    measures: ['count', 'min', 'max', 'mean', 'p25', 'median', 'p75', 'p95', 'stddev'].map((op) => ({
      field: 'metadata.huge',
      op,
    })),
  }),
  post('/trials/aggregate', { projectId: B, measures: [{ field: 'metadata.runtime_seconds', op: 'max' }] }),
];

/** Sent after the reads; those that succeed do so in A. */
const WRITES: readonly Probe[] = [
  post('/projects', { name: 'Project B' }),
  post('/projects', { name: 'Nobody has this name' }),
  send('PATCH', `/projects/${A}`, { name: 'Project B' }),
  send('PATCH', `/projects/${B}`, { name: 'Project B' }),
  send('DELETE', `/projects/${B}`, ''),
  ...[A, B].flatMap((id) => [
    // The next id of a view is B's in the one database, and A's new view's in the other: so that one is made last.
    send('PATCH', `/projects/${id}/views/${VIEW_B}`, { name: 'new' }),
    send('DELETE', `/projects/${id}/views/${VIEW_B}`, ''),
    post(`/projects/${id}/views`, { name: 'hidden view', table: 'trials', search: {} }),
  ]),
  post('/experiments', { name: 'new', projectId: B }),
  send('PATCH', `/experiments/${EXPERIMENT_B}`, { name: 'new' }),
  send('DELETE', `/experiments/${EXPERIMENT_B}`, ''),
  post(`/experiments/${EXPERIMENT_B}/trials`, { number: 1 }),
  send('PATCH', `/trials/${TRIAL_B}`, { state: 'COMPLETED' }),
  send('DELETE', `/trials/${TRIAL_B}`, ''),
  post(`/runs/${TRIAL_B}/metadata`, { metadata: { a: 1 } }),
  ...['POST', 'PUT', 'PATCH'].flatMap((method) => [
    send(method, `/trials/${TRIAL_B}/metadata`, { metadata: { a: 1 } }),
    send(method, `/trials/${TRIAL_B}/metadata`, { metadata: { a: 1 } }, { 'if-match': '"1"' }),
    send(method, `/trials/${TRIAL_B}/metadata`, { metadata: { a: 1 } }, { 'if-match': '"99"' }),
    send(method, `/trials/${TRIAL_B}/metadata`, { metadata: { ['k'.repeat(300)]: 1 } }),
  ]),
  send('DELETE', `/trials/${TRIAL_B}/metadata`, '', { 'if-match': '"1"' }),
  post(`/trials/${TRIAL_B}/metadata/revert`, { revision: 0 }),
  post(`/trials/${TRIAL_B}/metadata/revert`, { revision: 99 }),
  post('/metadata/batch', { reports: [{ trialId: TRIAL_B, metadata: { a: 1 } }] }),
  post('/metadata/batch', {
    reports: [
      { trialId: TRIAL_A, metadata: { a: 1 } },
      { trialId: TRIAL_B, metadata: { a: 1 } },
    ],
  }),
  ...['Project B', 'Nobody has this name', 'Project A'].map((project) =>
    post(
      '/import',
      `${JSON.stringify({ project, experiment: 'hidden experiment', trial: 1, metadata: { a: 1 } })}\n`,
      { 'content-type': 'application/x-ndjson' },
    ),
  ),
  post('/experiments', { name: 'hidden experiment', projectId: A }),
  post('/experiments/1/trials', {}),
  post(`/trials/${TRIAL_A}/metadata`, { metadata: { codename: 'mine' } }),
  send('PUT', '/metadata/indexes/codename', ''),
  send('DELETE', '/metadata/indexes/codename', ''),
];

function aggregate(filter: object, field: string): object {
  return { filter, groupBy: [field], measures: [{ field: 'metadata.runtime_seconds', op: 'mean' }] };
}

/** A filter as Determined's web page writes it. */
function runFilter(columnName: string, operator: string, value: unknown): string {
  const condition = {
    kind: 'field',
    location: 'LOCATION_TYPE_RUN_METADATA',
    type: 'COLUMN_TYPE_TEXT',
    columnName,
    operator,
    value,
  };
  return JSON.stringify({
    filterGroup: { kind: 'group', conjunction: 'and', children: [condition] },
    showArchived: false,
  });
}

/** Headers that differ from answer to answer. */
const PASSING = ['date', 'x-request-id', 'content-length'];
/** Only in answers to what was just made: ids are counted over all projects, which docs/access.md says. */
const NEW_ID = /"(id|trialId|experimentId)":\s*\d+|\/(trials|experiments|views)\/\d+/g;

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What of an answer could tell something: all but times, and cursors, which are encrypted and never alike. */
function seen({ status, headers, text }: ApiAnswer, made: boolean): Seen {
  // A weak tag is Express's hash of the text, times and all.
  const kept = [...headers].filter(([name, value]) => !PASSING.includes(name) && !value.startsWith('W/'));
  // How far an import is, is told when some time has passed.
  const steady = text
    .replace(/^\{"progress":.*\n/gm, '')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/"next":\s*"[^"]+"/g, '"next":"CURSOR"');
  return {
    status,
    headers: Object.fromEntries(
      kept.map(([name, value]) => [name, made ? value.replace(NEW_ID, 'ID') : value]),
    ),
    text: made ? steady.replace(NEW_ID, 'ID') : steady,
  };
}

describe('a user without project B', () => {
  let without: TestMaster;
  let within: TestMaster;
  const tokens = new Map<TestMaster, { viewer: string; editor: string }>();

  beforeAll(async () => {
    [without, within] = await Promise.all([bootMaster(), bootMaster()]);
    for (const master of [without, within]) await fillA(master);
    await fillB(within);
    for (const { dataSource } of [without, within]) await settledChanges(dataSource);
  });

  afterAll(() => Promise.all([without.close(), within.close()]));

  async function fillA(master: TestMaster): Promise<void> {
    await master.post('/projects', { name: 'Project A' });
    await master.post('/experiments', { name: 'open experiment', projectId: A, labels: ['open'] });
    const documents = Array.from({ length: 8 }, (_, index) => ({
      gpu: ['A100', 'V100'][index % 2],
      batch_size: 2 ** index,
      runtime_seconds: 60 + index,
      'lr.schedule': { warmup: index },
    }));
    for (const metadata of documents) {
      const { id } = (await master.post('/experiments/1/trials', {})).body.trial;
      await master.post(`/trials/${id}/metadata`, { metadata });
    }
    const view = { name: 'open view', table: 'trials', search: { archived: true } };
    expect((await master.post(`/projects/${A}/views`, view)).status).toBe(201);
    const [viewer, editor] = [await makeUser(master, 'viewer'), await makeUser(master, 'editor')];
    tokens.set(master, { viewer, editor });
  }

  async function makeUser(master: TestMaster, role: string): Promise<string> {
    const { id } = (await master.post('/users', { name: `${role} of A` })).body.user;
    await master.put(`/projects/${A}/members/${id}`, { role });
    return (await master.post(`/users/${id}/tokens`, {})).body.token.secret;
  }

  async function fillB(master: TestMaster): Promise<void> {
    expect((await master.post('/projects', { name: 'Project B' })).body.project.id).toBe(B);
    const experiment = { name: 'hidden experiment', projectId: B, labels: ['hidden'] };
    expect((await master.post('/experiments', experiment)).body.experiment.id).toBe(EXPERIMENT_B);
    const view = { name: 'hidden view', table: 'trials', search: { fields: ['metadata.codename'] } };
    expect((await master.post(`/projects/${B}/views`, view)).body.view.id).toBe(VIEW_B);
    const huge = `1${'0'.repeat(2_000)}`;
    const documents = [
      `{"codename": "Bluebird", "gpu": 80, "huge": ${huge}, "only": "nothing", "runtime_secondz": 1}`,
      `{"codename": "Blackbird", "gpu": {"memory": 80}, "huge": 1e100000, "runtime_seconds": "sixty"}`,
      `{"codename": "B", "gpu": "nothing", "runtime_seconds": 1000001, "batch_size": 64}`,
      `{"codename": ["B"], "gpu": null, "huge": "12", "runtime_seconds": -1}`,
    ];
    for (let index = 0; index < 60; index += 1) {
      const { id } = (await master.post(`/experiments/${EXPERIMENT_B}/trials`, { state: 'ERROR' })).body
        .trial;
      if (index === 0) expect(id).toBe(TRIAL_B);
      const answer = await master.post(`/trials/${id}/metadata`, `{"metadata": ${documents[index % 4]}}`);
      expect(answer.status).toBe(200);
    }
    await master.post(`/trials/${TRIAL_B}/metadata`, { metadata: { revision: 2 } });
  }

  async function expectNoDifference(who: 'viewer' | 'editor', probe: Probe, made = false): Promise<void> {
    const { method, path, body, headers } = probe;
    const answers = await Promise.all(
      [without, within].map((master) =>
        master.as(tokens.get(master)![who]).send(method, path, body, headers),
      ),
    );
    const [bare, full] = answers.map((answer) => seen(answer, made));
    expect({ probe, ...full }).toEqual({ probe, ...bare });
    expect(bare!.status).toBeLessThan(500);
  }

  it('can reach what there is of A, so that the comparison means something', async () => {
    const client = within.as(tokens.get(within)!.viewer);
    expect((await client.get('/trials?count=exact')).body.total).toEqual({ value: 8, relation: 'eq' });
    expect((await within.get('/trials?count=exact')).body.total).toEqual({ value: 68, relation: 'eq' });
    expect((await within.get('/metadata/fields?q=codename')).body.items).toHaveLength(1);
    expect((await client.get('/metadata/fields')).body.items.length).toBeGreaterThan(3);
  });

  it(`sees no difference in any of ${READS.length} reads`, async () => {
    for (const probe of READS) await expectNoDifference('viewer', probe);
  });

  it('sees no difference in the pages of a list', async () => {
    for (const path of [
      '/trials?limit=3&sort=-metadata.gpu',
      '/experiments?limit=1',
      '/metadata/fields?limit=2',
      '/metadata/values?field=metadata.batch_size&limit=3',
      '/trials/1/metadata/history?limit=1',
    ]) {
      const pages = await Promise.all(
        [without, within].map(async (master) => {
          const client = master.as(tokens.get(master)!.viewer);
          const texts: string[] = [];
          for (let after: string | null = ''; after !== null;) {
            const answer: ApiAnswer = await client.get(`${path}${after === '' ? '' : `&after=${after}`}`);
            texts.push(seen(answer, false).text);
            after = answer.body.next;
          }
          return texts;
        }),
      );
      expect(pages[1]).toEqual(pages[0]);
    }
  });

  it('gets nothing out of a cursor that somebody else got', async () => {
    for (const path of [
      '/trials?limit=1&sort=-metadata.gpu',
      '/trials?limit=1',
      '/experiments?limit=1&sort=-experiment.name',
      '/projects?limit=1',
      '/metadata/fields?limit=2',
      '/metadata/values?field=metadata.gpu&limit=1',
    ]) {
      const { next } = (await within.get(path)).body;
      expect([path, next]).toEqual([path, expect.any(String)]);
      const answer = await within.as(tokens.get(within)!.viewer).get(`${path}&after=${next}`);
      expect([path, answer.status, answer.body.errors]).toEqual([
        path,
        400,
        [expect.objectContaining({ code: 'invalid_cursor' })],
      ]);
    }
  });

  it(`sees no difference in any of ${WRITES.length} writes`, async () => {
    for (const probe of WRITES) await expectNoDifference('viewer', probe, true);
    for (const probe of WRITES) await expectNoDifference('editor', probe, true);
  });

  it('has changed nothing of B', async () => {
    expect((await within.get('/trials?count=exact&projectId=2')).body.total.value).toBe(60);
    expect((await within.get(`/trials/${TRIAL_B}/metadata`)).body.revision).toBe(2);
    expect((await within.get('/projects')).body.items).toHaveLength(2);
    expect((await within.get(`/projects/${B}/views`)).body.items).toMatchObject([{ name: 'hidden view' }]);
  });
});
