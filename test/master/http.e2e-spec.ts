import type { TestMaster } from '../support/index.js';
import { bootMaster } from '../support/index.js';

describe('the master over HTTP', () => {
  let master: TestMaster;

  beforeAll(async () => {
    master = await bootMaster();
  });

  afterAll(() => master.close());

  it.each(['//health/live', '//health/ready'])('answers %s without a token', async (path) => {
    const answer = await master.as(undefined).get(path);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'ok' });
  });

  it('tells whose token it is', async () => {
    expect((await master.get('/me')).body).toEqual({ user: { name: 'admin', administrator: true } });
  });

  it.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer wrong'],
    ['a token that only begins right', 'Bearer administrator-of-the-test'],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['an empty token', 'Bearer '],
  ])('answers 401 for %s', async (_, authorization) => {
    const answer = await master
      .as(undefined)
      .get('/me', authorization === undefined ? {} : { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ title: 'Unauthorized', status: 401 });
  });

  it('keeps connections for longer than reports, and balancers, are silent', async () => {
    const answer = await master.get('/me');
    expect(answer.headers.get('keep-alive')).toBe('timeout=75');
  });

  it('answers 404 with a problem for an address that is none', async () => {
    for (const path of ['/nothing', '//nothing', '//api', '//assets/none.js'].filter(
      (path) => path !== '//api',
    )) {
      const answer = await master.get(path);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ title: 'Not Found', status: 404 });
    }
  });

  it('answers 405 and names the methods that a route takes', async () => {
    const answer = await master.post('/me', {});
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET');
  });

  it('answers 400 for an address that is no UTF-8', async () => {
    const answer = await master.get('/%ff');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 400 });
  });

  it('answers 431 to an address longer than it reads, and says what to do', async () => {
    expect((await master.get(`/trials?metadata.a[exists]&${'&'.repeat(100_000)}`)).status).toBe(200);
    const answer = await master.get(`/trials?after=${'x'.repeat(140_000)}`);
    expect(answer.status).toBe(431);
    expect(answer.body).toMatchObject({ code: 'request_header_fields_too_large' });
    expect(answer.body.detail).toContain(
      'longer than 131072 bytes. Send a long filter or cursor in the body',
    );
  });

  it('serves OpenAPI as a page and as JSON', async () => {
    expect((await master.get('//api')).text).toContain('swagger-ui');
    expect((await master.get('//api/openapi.json')).body).toMatchObject({
      info: { title: 'Trial metadata' },
    });
  });

  it('sends a content security policy without unsafe-inline', async () => {
    const answer = await master.get('//', { accept: 'text/html' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });
});
