import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialReport } from 'nestjs-trial-metadata/client';
import {
  MetadataBatchService,
  RawJson,
  type ManyResult,
  type MetadataModuleOptions,
} from '../src/metadata/index.js';
import { lockWait, waitingSessions } from './support/lock-wait.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('POST /metadata/batch', () => {
  let host: TinyHost;
  let nextTrial = 1;

  beforeAll(async () => {
    host = await bootTinyHost();
  });

  afterAll(() => host.close());

  const newTrials = async (count: number): Promise<readonly number[]> => {
    const ids = Array.from({ length: count }, () => nextTrial++);
    await host.addTrials(...ids);
    return ids;
  };
  const stateOf = (id: number) => host.client.readMetadata(id);
  const batch = (...reports: readonly TrialReport[]) =>
    host.clientWith({ headers: { 'x-user': 'ada' } }).reportBatch(reports);
  const refused = (reports: unknown) => host.post('/metadata/batch', { reports });

  it('reports on new and known trials, in the order of the list', async () => {
    const [a, b, c] = (await newTrials(3)) as [number, number, number];
    await host.client.reportMetadata(b, { x: 1, y: 1 });
    const reports = await batch(
      { trialId: c, metadata: { x: 1 } },
      { trialId: b, metadata: { y: 2 } },
      { trialId: a, metadata: {} },
    );
    expect(reports).toEqual([
      expect.objectContaining({ trialId: c, metadata: { x: 1 }, revision: 1, updatedBy: 'ada' }),
      expect.objectContaining({ trialId: b, metadata: { x: 1, y: 2 }, revision: 2, updatedBy: 'ada' }),
      { trialId: a, metadata: {}, revision: 0, updatedAt: null, updatedBy: null },
    ]);
    const { items } = await host.client.history(b);
    expect(items[0]).toMatchObject({ source: 'batch', changes: [{ field: 'y', before: 1, after: 2 }] });
    expect((await host.client.history(c)).items).toMatchObject([
      { revision: 1, source: 'batch', changes: [{ field: 'x', after: 1 }] },
    ]);
  });

  it('applies reports on one trial in order, and none twice', async () => {
    const [a, b] = (await newTrials(2)) as [number, number];
    const reports = await batch(
      { trialId: a, metadata: {} },
      { trialId: a, metadata: { x: 1 } },
      { trialId: b, metadata: { z: 1 } },
      { trialId: a, metadata: { x: 2, y: 1 } },
      { trialId: a, metadata: { x: 2 } },
    );
    expect(reports.map(({ revision }) => revision)).toEqual([0, 1, 1, 2, 2]);
    expect(reports[1]?.metadata).toEqual({ x: 1 });
    expect(await stateOf(a)).toMatchObject({ metadata: { x: 2, y: 1 }, revision: 2 });
  });

  it('keeps every digit', async () => {
    const [a] = (await newTrials(1)) as [number];
    const answer = await host.post(
      '/metadata/batch',
      `{"reports":[{"trialId":${a},"metadata":{"n":9007199254740993.0}}]}`,
    );
    expect(answer.text).toContain('"metadata":{"n": 9007199254740993.0}');
  });

  it('writes none when one is refused, and names the item', async () => {
    const [a, b] = (await newTrials(2)) as [number, number];
    const fine = { trialId: a, metadata: { x: 1 } };
    const cases: readonly (readonly [unknown, number, string])[] = [
      [{ trialId: 999_999, metadata: {} }, 404, 'reports[1].trialId'],
      [{ trialId: 999_999, metadata: { x: 1 } }, 404, 'reports[1].trialId'],
      [{ trialId: 0, metadata: {} }, 400, 'reports[1].trialId'],
      [{ trialId: 1.5, metadata: {} }, 400, 'reports[1].trialId'],
      [{ trialId: true, metadata: {} }, 400, 'reports[1].trialId'],
      [{ metadata: {} }, 400, 'reports[1].trialId'],
      [{ trialId: b }, 400, 'reports[1].metadata'],
      [{ trialId: b, metadata: null }, 400, 'reports[1].metadata'],
      [{ trialId: b, metadata: [] }, 400, 'reports[1].metadata'],
      [{ trialId: b, metadata: {}, x: 1 }, 400, 'reports[1].x'],
      [7, 400, 'reports[1]'],
      [{ trialId: b, metadata: { x: { y: 'x'.repeat(16_385) } } }, 400, 'reports[1].metadata.x.y'],
    ];
    for (const [item, status, path] of cases) {
      const answer = await refused([fine, item]);
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([status, path]);
    }
    const both = await refused([{ trialId: 'x', metadata: [] }, fine, { trialId: true, metadata: null }]);
    expect(both.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'reports[0].metadata',
      'reports[2].trialId',
      'reports[2].metadata',
    ]);
    const ids = await refused([
      { ...fine, trialId: 'x' },
      { ...fine, trialId: '-1' },
    ]);
    expect(ids.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'reports[0].trialId',
      'reports[1].trialId',
    ]);
    for (const reports of [undefined, null, {}, [], Array(1_001).fill(fine)]) {
      const answer = await refused(reports);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'reports']);
    }
    expect((await stateOf(a)).revision).toBe(0);
  });

  it('holds the merged documents to the limits', async () => {
    const [a, b] = (await newTrials(2)) as [number, number];
    await host.client.reportMetadata(b, { a: Array(990).fill(0) });
    const tooMuch = batch(
      { trialId: a, metadata: { x: 1 } },
      { trialId: b, metadata: { b: Array(11).fill(0) } },
    );
    await expect(tooMuch).rejects.toMatchObject({
      status: 400,
      errors: [{ path: 'reports[1].metadata', limit: 1_000, actual: 1_001 }],
    });
    expect((await stateOf(a)).revision).toBe(0);
  });

  it('does not find an unknown trial however often it is named', async () => {
    const [a] = (await newTrials(1)) as [number];
    const fine = { trialId: a, metadata: { x: 1 } };
    const unknown = [
      { trialId: 999_999, metadata: { x: 1 } },
      { trialId: 999_998, metadata: {} },
    ] as const;
    const answer = await refused([
      fine,
      ...unknown,
      ...unknown,
      { trialId: 999_998, metadata: { y: 1 } },
      ...unknown,
    ]);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([404, 'reports[1].trialId']);
    expect((await stateOf(a)).revision).toBe(0);
  });

  it('does not find a trial that is deleted meanwhile', async () => {
    const [a, b] = (await newTrials(2)) as [number, number];
    let answer: Promise<{ status: number; body: { errors?: readonly { path: string }[] } }> | undefined;
    await host.dataSource.transaction(async (manager) => {
      await manager.query('DELETE FROM trials WHERE id = $1', [b]);
      answer = refused([
        { trialId: a, metadata: { x: 1 } },
        { trialId: b, metadata: { x: 1 } },
      ]);
      await lockWait(host.dataSource);
    });
    const { status, body } = (await answer) ?? {};
    expect([status, body?.errors?.[0]?.path]).toEqual([404, 'reports[1].trialId']);
    expect((await stateOf(a)).revision).toBe(0);
  });

  it('counts the values of a document exactly, however many commas are in its texts, after an empty one too', async () => {
    const [a, b] = (await newTrials(2)) as [number, number];
    const note = ','.repeat(3_000);
    const reports = await batch(
      { trialId: a, metadata: {} },
      { trialId: b, metadata: { x: 1 } },
      { trialId: a, metadata: { note } },
      { trialId: b, metadata: { note } },
    );
    expect(reports.map(({ revision }) => revision)).toEqual([0, 1, 1, 2]);
  });

  it('takes 1,000 reports', async () => {
    const ids = await newTrials(1_000);
    const reports = await batch(...ids.map((trialId) => ({ trialId, metadata: { trialId } })));
    expect(reports).toHaveLength(1_000);
    expect(reports[999]).toMatchObject({
      trialId: ids[999],
      metadata: { trialId: ids[999] },
      revision: 1,
    });
  });

  it('never deadlocks with batches that name the same trials in other orders', async () => {
    const ids = await newTrials(40);
    const rounds = 8;
    const writers = 12;
    const service = host.app.get(MetadataBatchService);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let round = 0; round < rounds; round += 1) {
          const order = ids.map((id, index) => ids[(index * 7 + writer * 3 + round) % ids.length] ?? id);
          if (writer % 2 === 0) order.reverse();
          const reports = order.map((trialId) => ({ trialId, metadata: { [`w${writer}`]: round } }));
          // In a transaction of the test's, which nobody runs again when a deadlock breaks it off.
          const results = await host.dataSource.transaction((manager) =>
            service.reportMany(reports, { user: null, source: 'batch', manager }),
          );
          expect(results.every((result) => 'changed' in result && result.changed)).toBe(true);
        }
      }),
    );
    const all = Object.fromEntries(
      Array.from({ length: writers }, (_, writer) => [`w${writer}`, rounds - 1]),
    );
    for (const id of ids)
      expect(await stateOf(id)).toMatchObject({ metadata: all, revision: writers * rounds });
  });

  describe('the service, for the code of a host', () => {
    const changed = (result: ManyResult | undefined) =>
      result !== undefined && 'changed' in result && result.changed;

    it('writes within the transaction of the caller, and not at all when that is rolled back', async () => {
      const [a] = (await newTrials(1)) as [number];
      const service = host.app.get(MetadataBatchService);
      const work = host.dataSource.transaction(async (manager) => {
        await manager.query('INSERT INTO trials (id) VALUES (500001)');
        const reports = [
          { trialId: 500_001, metadata: { x: 1 } },
          { trialId: a, metadata: { x: 1 } },
        ];
        const results = await service.reportMany(reports, { user: null, source: 'import', manager });
        expect(results.every(changed)).toBe(true);
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect((await stateOf(a)).revision).toBe(0);
    });

    it('writes what it says, beside trials that are not there and are named again', async () => {
      const [a] = (await newTrials(1)) as [number];
      const service = host.app.get(MetadataBatchService);
      for (const write of ['reportMany', 'setMany'] as const) {
        const reports = [
          { trialId: a, metadata: { [write]: 1 } },
          { trialId: 999_999, metadata: { x: 1 } },
          { trialId: 999_999, metadata: { y: 1 } },
          { trialId: 999_999, metadata: {} },
        ];
        const results = await service[write](reports, { user: null, source: 'batch' });
        expect(results.map(changed)).toEqual([true, false, false, false]);
        expect((await stateOf(a)).metadata).toHaveProperty(write, 1);
      }
    });

    it('setMany replaces, tells what changed, and leaves out what is refused', async () => {
      const [a, b, c, d] = (await newTrials(4)) as [number, number, number, number];
      const service = host.app.get(MetadataBatchService);
      const options = { user: { name: 'import' }, source: 'import' } as const;
      await service.setMany(
        [
          { trialId: b, metadata: { x: 1, y: 1 } },
          { trialId: c, metadata: { x: 1 } },
        ],
        options,
      );
      await service.setMany([{ trialId: d, metadata: { x: 1 } }], options);
      const results = await service.setMany(
        [
          { trialId: a, metadata: { n: new RawJson('1.50') } },
          { trialId: b, metadata: { y: 1, z: null } },
          { trialId: c, metadata: { x: 1 } },
          { trialId: 999_999, metadata: { x: 1 } },
          { trialId: a + 100_000, metadata: {} },
          { trialId: d, metadata: {} },
          { trialId: c, metadata: { x: 'x'.repeat(20_000) } },
        ],
        options,
      );
      expect(results.map(changed)).toEqual([true, true, false, false, false, true, false]);
      expect(results[3]).toMatchObject({ code: 'trial_not_found' });
      expect(results[4]).toMatchObject({ code: 'trial_not_found' });
      expect(results[6]).toMatchObject({ code: 'invalid_request' });
      expect(await stateOf(b)).toMatchObject({
        metadata: { y: 1, z: null },
        revision: 2,
        updatedBy: 'import',
      });
      expect(await stateOf(d)).toMatchObject({ metadata: {}, revision: 2 });
      const { items } = await host.client.history(b);
      expect(items[0]).toMatchObject({
        source: 'import',
        changes: [
          { field: 'x', before: 1 },
          { field: 'z', after: null },
        ],
      });
    });
  });
});

describe('batches that come in at once', () => {
  let host: TinyHost;

  /** Boots a host whose batches have two turns. */
  async function boot(module: Partial<MetadataModuleOptions> = {}): Promise<void> {
    host = await bootTinyHost({ connections: 8, module });
    await host.addTrials(...Array.from({ length: 10 }, (_, index) => index + 1));
  }

  afterEach(() => host.close());

  const batch = (...trialIds: readonly number[]) =>
    host.post('/metadata/batch', { reports: trialIds.map((trialId) => ({ trialId, metadata: { x: 1 } })) });

  /** Does the work while a transaction of the test's holds the first trial. */
  function whileHeld<T>(work: () => Promise<T>): Promise<T> {
    return host.dataSource.transaction(async (manager) => {
      await manager.query('SELECT FROM trials WHERE id = 1 FOR UPDATE');
      return await work();
    });
  }

  /** What comes first; in twenty seconds nothing, so that a failure does not keep what others wait for. */
  const orNothing = <T>(work: Promise<T>) => Promise.race([work, sleep(20_000, 'nothing' as const)]);

  async function waiting(sessions: number): Promise<void> {
    while ((await waitingSessions(host.dataSource)) !== sessions) await sleep(10);
  }

  it('leave most connections to others', async () => {
    await boot();
    const answers = await whileHeld(async () => {
      const sent = Array.from({ length: 8 }, (_, index) => batch(1, 2 + index));
      expect(await orNothing(waiting(2))).toBeUndefined();
      const report = host.client.reportMetadata(10, { n: 1 });
      expect(await orNothing(report)).toMatchObject({ revision: 1 });
      return sent;
    });
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it('do not wait for ever for those that wait for a lock', async () => {
    await boot();
    const held = await whileHeld(async () => {
      const sent = [2, 3].map((trialId) => batch(1, trialId));
      expect(await orNothing(waiting(2))).toBeUndefined();
      expect(await orNothing(batch(4))).toMatchObject({ status: 200 });
      return sent;
    });
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('are told when their turn does not come, and nothing of them is written', async () => {
    await boot({ statementTimeout: 500 });
    const held = await whileHeld(async () => {
      const sent = [2, 3].map((trialId) => batch(1, trialId));
      expect(await orNothing(waiting(2))).toBeUndefined();
      const late = await batch(4);
      expect(late).toMatchObject({ status: 503, body: { code: 'database_busy' } });
      expect(late.headers.get('retry-after')).toBe('5');
      expect(late.body.detail).toMatch(/waited 500 ms .* nothing of it is written/);
      return sent;
    });
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await host.client.readMetadata(4)).revision).toBe(0);
    expect((await Promise.all([batch(4), batch(5), batch(6)])).map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
  });
});
