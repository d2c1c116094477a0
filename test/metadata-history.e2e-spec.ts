import {
  FieldCounter,
  HistoryRetentionService,
  MetadataService,
  parseJson,
  TrustedUser,
  type HistoryRetention,
} from '../src/metadata/index.js';
import { timesAsLong } from './support/times-as-long.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('the history of a trial', () => {
  let host: TinyHost;
  let nextTrial = 1;

  beforeAll(async () => {
    host = await bootTinyHost();
  });

  afterAll(() => host.close());

  const newTrial = async (): Promise<number> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return id;
  };

  /** A trial that went through a change of every kind, and its document after each. */
  const eventful = async () => {
    const id = await newTrial();
    const ada = host.clientWith({ headers: { 'x-user': 'ada' } });
    const bob = host.clientWith({ headers: { 'x-user': 'bob' } });
    await ada.reportMetadata(id, { gpu: { name: 'A100', count: 8 }, loss: 1 });
    await bob.reportMetadata(id, { loss: 0.5, note: null });
    await ada.patchMetadata(id, { gpu: { count: 4 } });
    await bob.setMetadata(id, { gpu: { count: 4 }, seed: 7 });
    await ada.clearMetadata(id);
    await bob.revertMetadata(id, 2);
    const documents = [
      {},
      { gpu: { name: 'A100', count: 8 }, loss: 1 },
      { gpu: { name: 'A100', count: 8 }, loss: 0.5, note: null },
      { gpu: { name: 'A100', count: 4 }, loss: 0.5, note: null },
      { gpu: { count: 4 }, seed: 7 },
      {},
      { gpu: { name: 'A100', count: 8 }, loss: 0.5, note: null },
    ];
    return { id, documents };
  };

  it('says who changed which fields, when, how, from what to what, newest first', async () => {
    const { id } = await eventful();
    const { items, next } = await host.client.history(id);
    expect(next).toBeNull();
    const told = items.map(({ updatedAt, ...item }) => {
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
    const { id } = await eventful();
    const whole = (await host.client.history(id)).items;
    expect((await host.client.history(id, { limit: 2 })).items).toHaveLength(2);
    const items: unknown[] = [];
    for await (const item of host.client.eachRevision(id, { limit: 2 })) items.push(item);
    expect(items).toEqual(whole);
  });

  it('reads and reverts to any revision, 0 included', async () => {
    const { id, documents } = await eventful();
    const { client } = host;
    for (const [revision, document] of documents.entries()) {
      const { status, headers } = await host.get(`/trials/${id}/metadata?revision=${revision}`);
      expect([status, headers.get('etag')]).toEqual([200, `"${revision}"`]);
      const record = await client.readMetadata(id, { revision });
      expect(record).toMatchObject({ metadata: document, revision });
      expect(record.updatedBy).toBe(revision === 0 ? null : revision % 2 === 1 ? 'ada' : 'bob');
    }
    expect(await client.revertMetadata(id, 3)).toMatchObject({ revision: 7, metadata: documents[3] });
    expect((await client.revertMetadata(id, 3)).revision).toBe(7);
    expect(await client.revertMetadata(id, 0)).toMatchObject({ revision: 8, metadata: {} });
    expect((await client.readMetadata(id, { revision: 7 })).metadata).toEqual(documents[3]);
  });

  it('shows numbers of one value and other digits, and keys such as __proto__', async () => {
    const path = `/trials/${await newTrial()}/metadata`;
    await host.post(path, '{"metadata":{"a":1,"__proto__":{"n":9007199254740993}}}');
    await host.post(path, '{"metadata":{"a":1.0,"__proto__":{"n":9007199254740993.5}}}');
    const { text } = await host.get(`${path}/history?limit=1`);
    expect(text).toContain('{"field":"__proto__.n","before":9007199254740993,"after":9007199254740993.5}');
    expect(text).toContain('{"field":"a","before":1,"after":1.0}');
  });

  it('refuses revisions, limits and cursors that are none, and writes nothing', async () => {
    const { id } = await eventful();
    const path = `/trials/${id}/metadata`;
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
    expect((await host.client.readMetadata(id)).revision).toBe(6);
    await expect(host.client.readMetadata(id, { revision: 9 })).rejects.toMatchObject({
      code: 'revision_not_found',
    });
  });

  it('goes when the trial goes', async () => {
    const { id } = await eventful();
    await host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]);
    const left = await host.dataSource.query(
      `SELECT (SELECT count(*) FROM trial_metadata WHERE trial_id = $1) + (SELECT count(*) FROM trial_metadata_history WHERE trial_id = $1) AS rows`,
      [id],
    );
    expect(left).toEqual([{ rows: '0' }]);
    await expect(host.client.history(id)).rejects.toMatchObject({ status: 404 });
  });

  it('survives 10,000 revisions: as-of reads, pages and reverts stay quick, and storage linear', async () => {
    const id = await newTrial();
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
    expect(stepOf((await service.getAsOf(user, id, 5_000)).metadata.text)).toBe('4999');
    expect(stepOf((await service.getAsOf(user, id, 1)).metadata.text)).toBe('0');
    const page = await host.client.history(id, { after: '101', limit: 100 });
    expect(page.items[0]).toMatchObject({
      revision: 100,
      changes: [{ field: 'step', before: 98, after: 99 }],
    });
    expect(page.items).toHaveLength(100);
    expect(stepOf((await service.revert(user, id, 2)).metadata.text)).toBe('1');
    // Quadratic work would take 400 times as long.
    const times = await timesAsLong(
      () => service.getAsOf(user, id, 1),
      () => service.getAsOf(user, id, 9_500),
    );
    expect(times).toBeLessThan(100);
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
    for (let step = 1; step <= 6; step += 1) await host.client.reportMetadata(1, { step });
    for (let step = 1; step <= 2; step += 1) await host.client.reportMetadata(2, { step });
    await host.dataSource.query(
      `UPDATE trial_metadata_history SET updated_at = now() - interval '40 days' WHERE revision <= $1`,
      [aged],
    );
    await host.app.get(FieldCounter).count();
  };
  const revisionsOf = async (id: number): Promise<readonly number[]> => {
    return (await host.client.history(id)).items.map(({ revision }) => revision);
  };

  it('keeps the newest revisions of each trial, and reads as of all of them', async () => {
    await bootHostWith({ revisions: 3 }, 0);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(3);
    expect([await revisionsOf(1), await revisionsOf(2)]).toEqual([
      [6, 5, 4],
      [2, 1],
    ]);
    for (const step of [6, 5, 4]) {
      expect((await host.client.readMetadata(1, { revision: step })).metadata).toEqual({ step });
    }
    for (const revision of [3, 1, 0]) {
      await expect(host.client.readMetadata(1, { revision })).rejects.toMatchObject({
        status: 404,
        code: 'revision_not_found',
        message: expect.stringContaining('no longer reaches back'),
      });
    }
  });

  it('keeps revisions for some days, and the metadata for ever', async () => {
    await bootHostWith({ days: 30 }, 4);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(6);
    expect([await revisionsOf(1), await revisionsOf(2)]).toEqual([[6, 5], []]);
    expect(await host.client.readMetadata(2)).toMatchObject({ metadata: { step: 2 }, revision: 2 });
    expect((await host.client.readMetadata(2, { revision: 2 })).revision).toBe(2);
    expect((await host.client.reportMetadata(2, { step: 3 })).revision).toBe(3);
  });

  it('keeps everything by default', async () => {
    await bootHostWith({}, 6);
    expect(await host.app.get(HistoryRetentionService).forget()).toBe(0);
  });
});
