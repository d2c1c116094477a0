import { EventEmitter } from 'node:events';
import { poolsOf } from '../../src/master/database/pools.js';
import { makeLogger } from '../../src/master/operations/make-logger.js';
import { bootMaster, type TestMaster } from '../support/index.js';

const SECRET = 'secret-value-of-the-metadata';

describe('the log', () => {
  let master: TestMaster;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    const logger = makeLogger('debug', { write: (line: string) => void lines.push(line) });
    master = await bootMaster({ logger });
    lines.length = 0;
  });

  afterEach(() => master.close());

  /** The lines of requests; a line may come a moment after its answer. */
  async function requests(count: number): Promise<readonly Record<string, unknown>[]> {
    for (const until = Date.now() + 5_000; ;) {
      const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const found = read.filter((line) => line['msg'] === 'answered');
      if (found.length >= count || Date.now() > until) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('has a line for each request: who, what, how it went', async () => {
    const answer = await master.get('/trials/999/metadata?revision=1');
    const [line] = await requests(1);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      requestId: answer.headers.get('x-request-id'),
      method: 'GET',
      path: '/api/v1/trials/999/metadata',
      route: '/api/v1/trials/:trialId/metadata',
      status: 404,
      problem: 'trial_not_found',
      user: 'admin',
      address: '127.0.0.1',
      milliseconds: expect.any(Number),
      msg: 'answered',
    });
  });

  it('takes the request id that comes along, if it is one', async () => {
    const given = await master.get('/me', { 'x-request-id': 'proxy-7:42' });
    expect(given.headers.get('x-request-id')).toBe('proxy-7:42');
    for (const odd of ['a b', 'x'.repeat(129), '{"a":1}']) {
      const answer = await master.get('/me', { 'x-request-id': odd });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await requests(4))[0]).toMatchObject({ requestId: 'proxy-7:42' });
  });

  it('is quiet about health checks', async () => {
    await master.get('//health/live');
    expect((await requests(1))[0]).toMatchObject({ level: 'debug', path: '/health/live' });
  });

  it('holds neither tokens nor metadata', async () => {
    const { id } = (await master.post('/users', { name: 'ada', password: SECRET })).body.user;
    const { secret } = (await master.post(`/users/${id}/tokens`, {})).body.token;
    await master.as(secret).get('/me');
    await master.as(`${secret}x`).get('/me');
    await master.post('/projects', { name: 'p' });
    await master.post('/experiments', { name: 'e', projectId: 1 });
    await master.post('/experiments/1/trials', {});
    await master.post('/trials/1/metadata', { metadata: { [SECRET]: SECRET } });
    await master.post('/trials/1/metadata', `{"metadata": {"a": ${SECRET}}}`);
    await master.get(`/trials?metadata.key=${SECRET}&filter=${SECRET}`);
    await master.post('/trials/search', { filter: { field: `metadata.${SECRET}`, operator: 'no' } });
    await master.get('/trials?after=' + SECRET);
    const written = lines.length;
    expect((await requests(10)).length).toBeGreaterThanOrEqual(10);
    expect(written).toBeGreaterThanOrEqual(9);
    for (const word of [SECRET, secret, master.token, 'authorization']) {
      expect(lines.join('\n')).not.toContain(word);
    }
  });

  it('tells of a failure of the master without what was written', async () => {
    await master.post('/projects', { name: 'p' });
    await master.post('/experiments', { name: 'e', projectId: 1 });
    await master.post('/experiments/1/trials', {});
    await master.dataSource.query("ALTER TABLE trial_metadata ADD CHECK (NOT metadata ? 'refused')");
    const answer = await master.post('/trials/1/metadata', { metadata: { refused: SECRET } });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/trial_metadata|check|violates|at /i);
    const failure = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ msg }) => msg === 'failed');
    expect(failure).toMatchObject({
      level: 'error',
      requestId: answer.headers.get('x-request-id'),
      error: { type: 'QueryFailedError', code: '23514', query: expect.stringContaining('$1') },
    });
    expect(lines.join('\n')).not.toContain(SECRET);
    expect((await requests(4)).at(-1)).toMatchObject({ level: 'error', status: 500 });
  });
});

describe('the connections to the database', () => {
  it('do not end the process when the server ends one as soon as it is made', async () => {
    const master = await bootMaster();
    for (const [, pool] of poolsOf(master.dataSource)) {
      const client = new EventEmitter();
      pool.emit('connect', client);
      // Nobody listens yet, or no more.
      expect(() => client.emit('error', new Error('terminating connection'))).not.toThrow();
    }
    await master.close();
  });
});

describe('/metrics', () => {
  it('counts requests, their time, reports, refusals and connections', async () => {
    const master = await bootMaster();
    await master.post('/projects', { name: 'p' });
    await master.post('/experiments', { name: 'e', projectId: 1 });
    await master.post('/experiments/1/trials', {});
    await master.post('/trials/1/metadata', { metadata: { a: 1 } });
    await master.put('/trials/1/metadata', { metadata: { a: 1 } });
    await master.post('/metadata/batch', {
      reports: [1, 2, 3].map((a) => ({ trialId: 1, metadata: { a } })),
    });
    await master.post('/trials/1/metadata', '{"metadata": {"a": 1, "a": 2}}');
    await master.post('/trials/1/metadata', { metadata: { ['k'.repeat(300)]: 1 } });
    await master.post('/trials/7/metadata', { metadata: {} });
    await master.put('/trials/1/metadata', { metadata: {} }, { 'if-match': '"99"' });
    await master.as(undefined).post('/trials/1/metadata', { metadata: {} });
    await master.post('/trials/1/metadata', `"${'x'.repeat(2_000_000)}"`);
    const answer = await master.get('//metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'http_requests_total{method="POST",route="/api/v1/trials/:trialId/metadata",status="200"} 1',
      'http_requests_total{method="POST",route="/api/v1/trials/:trialId/metadata",status="400"} 2',
      'http_request_duration_seconds_count{method="POST",route="/api/v1/metadata/batch"} 1',
      'http_requests_running 1',
      'trial_metadata_reports_total{kind="report"} 1',
      'trial_metadata_reports_total{kind="set"} 1',
      'trial_metadata_reports_total{kind="batch"} 3',
      'trial_metadata_reports_refused_total{kind="report",reason="duplicate_key"} 1',
      'trial_metadata_reports_refused_total{kind="report",reason="key_too_long"} 1',
      'trial_metadata_reports_refused_total{kind="report",reason="trial_not_found"} 1',
      'trial_metadata_reports_refused_total{kind="report",reason="credentials_refused"} 1',
      'trial_metadata_reports_refused_total{kind="set",reason="revision_conflict"} 1',
      'trial_metadata_reports_refused_total{kind="report",reason="413"} 1',
      'database_connections{server="primary",state="waiting"} 0',
    ]) {
      expect(answer.text.split('\n')).toContain(line);
    }
    expect(answer.text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    await master.close();
  });

  it('is for administrators, and for the token of METRICS_TOKEN, which is good for nothing else', async () => {
    const metricsToken = 'token-of-the-scraper';
    const master = await bootMaster({ metricsToken });
    const { id } = (await master.post('/users', { name: 'ada' })).body.user;
    const { secret } = (await master.post(`/users/${id}/tokens`, {})).body.token;
    const status = async (token: string | undefined) => (await master.as(token).get('//metrics')).status;
    expect(await status(undefined)).toBe(401);
    expect(await status('wrong')).toBe(401);
    expect(await status(secret)).toBe(403);
    expect(await status(master.token)).toBe(200);
    expect(await status(metricsToken)).toBe(200);
    expect((await master.as(metricsToken).get('/me')).status).toBe(401);
    await master.close();
  });

  it('is for everybody when METRICS_PUBLIC is on', async () => {
    const master = await bootMaster({ metricsPublic: true });
    expect((await master.as(undefined).get('//metrics')).status).toBe(200);
    await master.close();
  });
});
