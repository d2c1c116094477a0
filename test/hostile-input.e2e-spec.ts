import { connect, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { HOSTILE_TEXTS } from './hostile/hostile-values.js';
import { hostileRequests, type HostileRequest, type OpenApiDocument } from './hostile/request-arbitrary.js';
import { bootMaster, type ApiAnswer, type TestMaster } from './support/index.js';

/** How many requests chance sends; the long form is `HOSTILE_REQUESTS=20000`. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 500);
const SEED = process.env['HOSTILE_SEED'];
/** Milliseconds; nothing here has a reason to take long. */
const PATIENCE = 5_000;

/** What an answer must not tell: statements, names of the database's own, places in the code. */
const TELLTALE =
  /\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|syntax error|relation "|column "|operator does not exist|pg_catalog|trial_metadata|user_tokens|QueryFailed|\.(?:ts|js):\d+|node_modules|ADMIN_TOKEN}=/;

describe('hostile input', () => {
  let master: TestMaster;
  let document: OpenApiDocument;
  let before: unknown;

  beforeAll(async () => {
    master = await bootMaster({ failedSignInsPerMinute: 1_000_000 });
    document = (await master.get('//api/openapi.json')).body;
    before = await schema();
    await seed();
  });

  afterAll(() => master.close());

  /** Everything that a statement smuggled in could have changed of the schema; indexes of fields are made on request. */
  async function schema(): Promise<unknown> {
    return await master.dataSource.query(
      `SELECT 'column' AS kind, table_name || '.' || column_name AS name, data_type || is_nullable AS what
         FROM information_schema.columns WHERE table_schema = 'public'
       UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
           AND indexname !~ '^trial_metadata_(field|large|text)_'
       UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       UNION ALL SELECT 'role', rolname, rolsuper::text FROM pg_roles
       ORDER BY 1, 2, 3`,
    );
  }

  /** Things with small ids, some of which requests by chance delete. */
  async function seed(): Promise<void> {
    await master.dataSource.query(
      `INSERT INTO projects (id, name, created_at) SELECT id, 'project ' || id, now() FROM generate_series(1, 5) AS id ON CONFLICT DO NOTHING`,
    );
    await master.dataSource.query(
      `INSERT INTO experiments (id, project_id, name) SELECT id, 1 + id % 5, 'e' FROM generate_series(1, 10) AS id ON CONFLICT DO NOTHING`,
    );
    await master.dataSource.query(
      `INSERT INTO trials (id, experiment_id) SELECT id, 1 + id % 10 FROM generate_series(1, 40) AS id ON CONFLICT DO NOTHING`,
    );
    await master.dataSource.query(
      `INSERT INTO users (id, name, created_at) SELECT id, 'user ' || id, now() FROM generate_series(1, 5) AS id ON CONFLICT DO NOTHING`,
    );
    for (const table of ['projects', 'experiments', 'trials', 'users']) {
      await master.dataSource.query(
        `SELECT setval(pg_get_serial_sequence($1, 'id'), greatest((SELECT max(id) FROM ${table}), 1000))`,
        [table],
      );
    }
    const metadata = { gpu: 'A100', a: { b: [1, 'x', null] }, "'; DROP TABLE trials; --": "'" };
    const reports = Array.from({ length: 20 }, (_, index) => ({ trialId: 2 * index + 1, metadata }));
    await master.post('/metadata/batch', { reports });
  }

  async function send({ method, path, body, headers }: HostileRequest): Promise<ApiAnswer> {
    const started = Date.now();
    const answer = await master.send(method, `/${path}`, body, headers);
    expect(Date.now() - started).toBeLessThan(PATIENCE);
    return answer;
  }

  function expectDecent(answer: ApiAnswer, request: unknown): void {
    const told = { request, status: answer.status, text: answer.text.slice(0, 500) };
    expect({ ...told, isServerError: answer.status >= 500 }).toEqual({ ...told, isServerError: false });
    if (answer.status < 400) return;
    expect({ ...told, type: answer.headers.get('content-type') }).toEqual({
      ...told,
      type: expect.stringMatching(/^application\/(problem\+)?json/),
    });
    // What the client sent may come back to it.
    const sent = JSON.stringify(request);
    const telltale = TELLTALE.exec(answer.text)?.[0];
    expect({ ...told, telltale: telltale !== undefined && !sent.includes(telltale) }).toEqual({
      ...told,
      telltale: false,
    });
  }

  it(
    `withstands ${REQUESTS} requests by chance to every route of the OpenAPI document`,
    async () => {
      let count = 0;
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(hostileRequests(document), async (request) => {
          count += 1;
          if (count % 250 === 0) await seed();
          const answer = await send(request);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expectDecent(answer, request);
        }),
        { numRuns: REQUESTS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
      );
      console.info(
        `${count} requests: ${[...statuses]
          .sort()
          .map(([status, times]) => `${status} ×${times}`)
          .join(', ')}`,
      );
      // Requests that are all refused would test nothing but the first check.
      const taken = [...statuses]
        .filter(([status]) => status < 300)
        .reduce((sum, [, times]) => sum + times, 0);
      expect(taken).toBeGreaterThan(REQUESTS / 20);
      expect(await schema()).toEqual(before);
      expect((await master.get('//health/ready')).status).toBe(200);
    },
    60_000 + REQUESTS * 200,
  );

  describe.each(HOSTILE_TEXTS.map((text) => [text.slice(0, 60), text]))('%j', (_, text) => {
    const trial = '/api/v1/trials/1/metadata';
    const json = { 'content-type': 'application/json' };
    const query = encodeURIComponent(text.slice(0, 2_000));
    const requests: readonly [string, string, string, unknown?][] = [
      ['as a key', 'POST', trial, { metadata: { [text]: 1 } }],
      ['as a value', 'POST', trial, { metadata: { key: text } }],
      [
        'as the field of a filter',
        'POST',
        '/api/v1/trials/search',
        { filter: { field: text, operator: 'is', value: 1 } },
      ],
      [
        'below metadata in a filter',
        'POST',
        '/api/v1/trials/search',
        { filter: { field: `metadata.${text}`, operator: 'exists' } },
      ],
      [
        'as an operator',
        'POST',
        '/api/v1/trials/search',
        { filter: { field: 'metadata.gpu', operator: text, value: 1 } },
      ],
      [
        'as an operand',
        'POST',
        '/api/v1/trials/search',
        { filter: { field: 'metadata.gpu', operator: 'contains', value: text } },
      ],
      ['as a sort', 'POST', '/api/v1/trials/search', { sort: [{ field: text, direction: text }] }],
      ['as a cursor', 'POST', '/api/v1/trials/search', { after: text }],
      ['as fields', 'POST', '/api/v1/experiments/search', { fields: [text] }],
      [
        'as a group',
        'POST',
        '/api/v1/trials/aggregate',
        { groupBy: [text], measures: [{ field: text, op: text }] },
      ],
      ['in the query string', 'GET', `/api/v1/trials?${query}=${query}&metadata.${query}[contains]=${query}`],
      ['as a search for values', 'GET', `/api/v1/metadata/values?field=metadata.gpu&q=${query}`],
      ['as a search for fields', 'GET', `/api/v1/metadata/fields?q=${query}&projectId=${query}`],
      ['in an export', 'GET', `/api/v1/trials/export?format=csv&filter=${query}&sort=${query}`],
      ['as an id', 'GET', `/api/v1/trials/${query === '' ? '0' : query}/metadata`],
      ['as a name', 'POST', '/api/v1/projects', { name: text }],
      ['as the name of a user', 'POST', '/api/v1/users', { name: text }],
    ];

    it('does no harm anywhere', async () => {
      for (const [place, method, path, body] of requests) {
        const started = Date.now();
        const answer = await master.send(method, `/${path}`, body as object, body === undefined ? {} : json);
        expectDecent(answer, [place, path, body]);
        expect(Date.now() - started).toBeLessThan(PATIENCE);
      }
      const headerText = text
        .replace(/[^\t\x20-\x7e]/g, '?')
        .trim()
        .slice(0, 4_000);
      for (const header of [
        'if-match',
        'if-none-match',
        'x-request-id',
        'accept',
        'content-encoding',
        'x-forwarded-for',
      ]) {
        const answer = await master.put('/trials/1/metadata', { metadata: {} }, { [header]: headerText });
        expectDecent(answer, [header, headerText]);
      }
      const stranger = await master.as(undefined).get('/me', { authorization: `Bearer ${headerText}` });
      expect(stranger.status).toBe(401);
    });
  });

  it('comes back as it went in, where it was taken', async () => {
    const metadata = Object.fromEntries(
      HOSTILE_TEXTS.filter(
        (text) => text.length <= 250 && Buffer.byteLength(text) <= 255 && !text.includes('\0'),
      ).map((text) => [text, text]),
    );
    const text = `{"metadata": {${Object.entries(metadata)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',')}}}`;
    const answer = await master.put('/trials/1/metadata', text);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    const read = JSON.parse((await master.get('/trials/1/metadata')).text).metadata;
    expect(Object.entries(read).every(([key, value]) => key === value)).toBe(true);
    expect(Object.keys(read).length).toBe(Object.keys(metadata).length);
  });

  it('survives what is no HTTP, and what comes in drops', async () => {
    const { port } = master.app.getHttpServer().address() as AddressInfo; // it listens on a port
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      'NONSENSE\r\n\r\n',
      'GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      'POST /api/v1/projects HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /',
      'POST /api/v1/projects HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(5_000)}\r\n`,
      'GET http://169.254.169.254/ HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST /api/v1/projects HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => resolve());
        socket.on('close', () => resolve());
        socket.resume();
        setTimeout(() => socket.destroy(), 1_000).unref();
      });
    }
    expect((await master.get('/me')).status).toBe(200);
  });

  it('leaves the schema as it was', async () => {
    expect(await schema()).toEqual(before);
  });
});
