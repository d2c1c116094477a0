import {
  FieldCounter,
  HistoryRetentionService,
  MetadataService,
  parseJson,
  TrustedUser,
  type HistoryRetention,
  type Revision,
} from '../src/metadata/index.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('the history of a trial', () => {
  let host: TinyHost;
  let nextTrial = 1;

  beforeAll(async () => {
    host = await bootTinyHost();
  });

  afterAll(() => host.close());

  const newTrial = async (): Promise<string> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return `/trials/${id}/metadata`;
  };

  /** A trial that went through a change of every kind, and its document after each. */
  const eventful = async () => {
    const path = await newTrial();
    const ada = { 'x-user': 'ada' };
    const bob = { 'x-user': 'bob' };
    await host.post(path, { metadata: { gpu: { name: 'A100', count: 8 }, loss: 1 } }, ada);
    await host.post(path, { metadata: { loss: 0.5, note: null } }, bob);
    await host.patch(path, { metadata: { gpu: { count: 4 } } }, ada);
    await host.put(path, { metadata: { gpu: { count: 4 }, seed: 7 } }, bob);
    await host.delete(path, ada);
    await host.post(`${path}/revert`, { revision: 2 }, bob);
    const documents = [
      {},
      { gpu: { name: 'A100', count: 8 }, loss: 1 },
      { gpu: { name: 'A100', count: 8 }, loss: 0.5, note: null },
      { gpu: { name: 'A100', count: 4 }, loss: 0.5, note: null },
      { gpu: { count: 4 }, seed: 7 },
      {},
      { gpu: { name: 'A100', count: 8 }, loss: 0.5, note: null },
    ];
    return { path, documents };
  };

  it('says who changed which fields, when, how, from what to what, newest first', async () => {
    const { path } = await eventful();
    const { status, body } = await host.get(`${path}/history`);
    expect(status).toBe(200);
    expect(body.next).toBeNull();
    const told = body.items.map(({ updatedAt, ...item }: { updatedAt: string }) => {
      expect(updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      return item;
    });
    expect(told).toEqual([
      {
        revision: 6,
        updatedBy: 'bob',
        source: 'revert',
        changes: [
          { field: 'gpu.count', after: 8 },
          { field: 'gpu.name', after: 'A100' },
          { field: 'loss', after: 0.5 },
          { field: 'note', after: null },
        ],
      },
      {
        revision: 5,
        updatedBy: 'ada',
        source: 'delete',
        changes: [
          { field: 'gpu.count', before: 4 },
          { field: 'seed', before: 7 },
        ],
      },
      {
        revision: 4,
        updatedBy: 'bob',
        source: 'set',
        changes: [
          { field: 'gpu.name', before: 'A100' },
          { field: 'loss', before: 0.5 },
          { field: 'note', before: null },
          { field: 'seed', after: 7 },
        ],
      },
      {
        revision: 3,
        updatedBy: 'ada',
        source: 'patch',
        changes: [{ field: 'gpu.count', before: 8, after: 4 }],
      },
      {
        revision: 2,
        updatedBy: 'bob',
        source: 'report',
        changes: [
          { field: 'loss', before: 1, after: 0.5 },
          { field: 'note', after: null },
        ],
      },
      {
        revision: 1,
        updatedBy: 'ada',
        source: 'report',
        changes: [
          { field: 'gpu.count', after: 8 },
          { field: 'gpu.name', after: 'A100' },
          { field: 'loss', after: 1 },
        ],
      },
    ]);
  });

  it('comes in pages that equal the whole', async () => {
    const { path } = await eventful();
    const whole = (await host.get(`${path}/history`)).body.items;
    const items: unknown[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { body } = await host.get(`${path}/history?limit=2${next === '' ? '' : `&after=${next}`}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      items.push(...body.items);
      next = body.next;
    }
    expect(items).toEqual(whole);
  });

  it('reads and reverts to any revision, 0 included', async () => {
    const { path, documents } = await eventful();
    for (const [revision, document] of documents.entries()) {
      const { status, body, headers } = await host.get(`${path}?revision=${revision}`);
      expect([status, headers.get('etag')]).toEqual([200, `"${revision}"`]);
      expect(body).toMatchObject({ metadata: document, revision });
      expect(body.updatedBy).toBe(revision === 0 ? null : revision % 2 === 1 ? 'ada' : 'bob');
    }
    expect((await host.post(`${path}/revert`, { revision: 3 })).body).toMatchObject({
      revision: 7,
      metadata: documents[3],
    });
    expect((await host.post(`${path}/revert`, { revision: 3 })).body.revision).toBe(7);
    expect((await host.post(`${path}/revert`, { revision: 0 })).body).toMatchObject({
      revision: 8,
      metadata: {},
    });
    expect((await host.get(`${path}?revision=7`)).body.metadata).toEqual(documents[3]);
  });

  it('shows numbers of one value and other digits, and keys such as __proto__', async () => {
    const path = await newTrial();
    await host.post(path, '{"metadata":{"a":1,"__proto__":{"n":9007199254740993}}}');
    await host.post(path, '{"metadata":{"a":1.0,"__proto__":{"n":9007199254740993.5}}}');
    const { text } = await host.get(`${path}/history?limit=1`);
    expect(text).toContain('{"field":"__proto__.n","before":9007199254740993,"after":9007199254740993.5}');
    expect(text).toContain('{"field":"a","before":1,"after":1.0}');
  });

  it('refuses revisions, limits and cursors that are none, and writes nothing', async () => {
    const { path } = await eventful();
    for (const [place, status, where] of [
      ['?revision=7', 404, undefined],
      ['?revision=-1', 400, 'revision'],
      ['?revision=x', 400, 'revision'],
      ['?revision=1&revision=2', 400, 'revision'],
      ['?revision=99999999999', 400, 'revision'],
      ['/history?limit=0', 400, 'limit'],
      ['/history?limit=201', 400, 'limit'],
      ['/history?after=abc', 400, 'after'],
      ['/history?after=0', 400, 'after'],
    ] as const) {
      const answer = await host.get(`${path}${place}`);
      expect([place, answer.status, answer.body.errors[0]?.path]).toEqual([place, status, where]);
    }
    for (const [body, status] of [
      [{ revision: 7 }, 404],
      [{ revision: -1 }, 400],
      [{ revision: '1' }, 400],
      [{ revision: 1.5 }, 400],
      [{ revision: null }, 400],
      [{}, 400],
      [{ revision: 1, x: 1 }, 400],
    ] as const) {
      expect((await host.post(`${path}/revert`, body)).status).toBe(status);
    }
    expect((await host.get(path)).body.revision).toBe(6);
    expect((await host.get(`${path}?revision=9`)).body).toMatchObject({ code: 'revision_not_found' });
  });

  it('goes when the trial goes', async () => {
    const { path } = await eventful();
    const id = Number(path.split('/')[2]);
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
    const left = await host.dataSource.query(
      `SELECT (SELECT count(*) FROM trial_metadata WHERE trial_id = $1) + (SELECT count(*) FROM trial_metadata_history WHERE trial_id = $1) AS rows`,
      [id],
    );
    expect(left).toEqual([{ rows: '0' }]);
    expect((await host.get(`${path}/history`)).status).toBe(404);
  });

  it('survives 10,000 revisions: as-of reads, pages and reverts stay quick, and storage linear', async () => {
    const path = await newTrial();
    const id = Number(path.split('/')[2]);
    const user = new TrustedUser('trainer');
    const service = host.app.get(MetadataService);
    await service.report(user, id, { config: 'x'.repeat(10_000), step: 0 });
    // As reports write them; made by one statement, since 10,000 requests take their time.
    await host.dataSource.query(
      `INSERT INTO trial_metadata_history (trial_id, revision, updated_at, updated_by, source, replaced, added)
       SELECT $1, revision, now(), 'trainer', 'report', jsonb_build_object('step', revision - 2), '{}'
         FROM generate_series(2, 10000) AS revision`,
      [id],
    );
    await host.dataSource.query(
      `UPDATE trial_metadata SET revision = 10000, metadata = metadata || '{"step": 9999}' WHERE trial_id = $1`,
      [id],
    );
    const started = performance.now();
    expect(stepOf((await service.getAsOf(user, id, 5_000)).metadata.text)).toBe('4999');
    expect(stepOf((await service.getAsOf(user, id, 1)).metadata.text)).toBe('0');
    const page = (await host.get(`${path}/history?after=101&limit=100`)).body;
    expect(page.items[0]).toMatchObject({
      revision: 100,
      changes: [{ field: 'step', before: 98, after: 99 }],
    });
    expect(page.items).toHaveLength(100);
    expect(stepOf((await service.revert(user, id, 2)).metadata.text)).toBe('1');
    // No promise of speed: only that nobody made it quadratic.
    expect(performance.now() - started).toBeLessThan(5_000);
    const [size] = await host.dataSource.query(
      'SELECT sum(pg_column_size(history.*))::integer AS bytes FROM trial_metadata_history AS history WHERE trial_id = $1',
      [id],
    );
    expect(size.bytes).toBeLessThan(10_000 * 200);
  });

  function stepOf(document: string): string {
    const value = parseJson(document);
    return value instanceof Map ? String(value.get('step')) : '';
  }
});

describe('the retention of history', () => {
  let host: TinyHost;

  afterEach(() => host.close());

  /** A host with two trials of 6 and 2 revisions, of which those up to `aged` were made 40 days ago. */
  const bootHostWith = async (historyRetention: HistoryRetention, aged: number): Promise<void> => {
    host = await bootTinyHost({ module: { historyRetention } });
    await host.addTrials(1, 2);
    for (let step = 1; step <= 6; step += 1) await host.post('/trials/1/metadata', { metadata: { step } });
    for (let step = 1; step <= 2; step += 1) await host.post('/trials/2/metadata', { metadata: { step } });
    await host.dataSource.query(
      `UPDATE trial_metadata_history SET updated_at = now() - interval '40 days' WHERE revision <= $1`,
      [aged],
    );
    await host.app.get(FieldCounter).count();
  };
  const revisionsOf = async (id: number): Promise<readonly number[]> => {
    const { body } = await host.get(`/trials/${id}/metadata/history`);
    return body.items.map(({ revision }: Revision) => revision);
  };

  it('keeps the newest revisions of each trial, and reads as of all of them', async () => {
    await bootHostWith({ revisions: 3 }, 0);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(3);
    expect([await revisionsOf(1), await revisionsOf(2)]).toEqual([
      [6, 5, 4],
      [2, 1],
    ]);
    for (const step of [6, 5, 4]) {
      expect((await host.get(`/trials/1/metadata?revision=${step}`)).body.metadata).toEqual({ step });
    }
    for (const revision of [3, 1, 0]) {
      const answer = await host.get(`/trials/1/metadata?revision=${revision}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'revision_not_found']);
      expect(answer.body.detail).toContain('no longer reaches back');
    }
  });

  it('keeps revisions for some days, and the metadata for ever', async () => {
    await bootHostWith({ days: 30 }, 4);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(6);
    expect([await revisionsOf(1), await revisionsOf(2)]).toEqual([[6, 5], []]);
    expect((await host.get('/trials/2/metadata')).body).toMatchObject({ metadata: { step: 2 }, revision: 2 });
    expect((await host.get('/trials/2/metadata?revision=2')).status).toBe(200);
    expect((await host.post('/trials/2/metadata', { metadata: { step: 3 } })).body.revision).toBe(3);
  });

  it('keeps everything by default', async () => {
    await bootHostWith({}, 6);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(0);
  });
});
