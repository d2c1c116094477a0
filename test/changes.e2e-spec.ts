import type { ChangesQuery } from 'nestjs-trial-metadata/client';
import { DataSource } from 'typeorm';
import {
  ChangeRetentionService,
  MetadataBatchService,
  MetadataChangesService,
  MetadataEvents,
  MetadataService,
  TrustedUser,
  type MetadataEvent,
  type TrialChange,
} from '../src/metadata/index.js';
import { settledChanges } from './support/settled-changes.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('the list of changes', () => {
  let host: TinyHost;
  let nextTrial = 1;
  let cursor: string;

  beforeAll(async () => {
    host = await bootTinyHost({ connections: 40 });
  });

  afterAll(() => host.close());

  beforeEach(async () => {
    await settledChanges(host.dataSource);
    cursor = (await host.client.changes({ after: 'latest' })).next;
  });

  const newTrial = async (): Promise<number> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return id;
  };
  const changes = async (after = cursor, more: ChangesQuery = {}) => {
    await settledChanges(host.dataSource);
    return await host.client.changes({ after, ...more });
  };

  it('holds every kind of write with its changes, in their order', async () => {
    const id = await newTrial();
    const other = await newTrial();
    const ada = host.clientWith({ headers: { 'x-user': 'ada' } });
    await ada.reportMetadata(id, { a: 1, b: { c: 'x' } });
    await ada.setMetadata(id, { a: 2 });
    await ada.patchMetadata(id, { d: { e: null, f: 1 } });
    await ada.clearMetadata(id);
    await ada.revertMetadata(id, 1);
    await ada.reportBatch([
      { trialId: id, metadata: { a: 3 } },
      { trialId: other, metadata: { a: 1 } },
      { trialId: id, metadata: { a: 4 } },
    ]);
    await host.app
      .get(MetadataBatchService)
      .setMany([{ trialId: other, metadata: { z: 1 } }], { user: new TrustedUser('bob'), source: 'import' });
    const { items } = await changes();
    const told = items.map(({ trialId, revision, source, changes }) => [
      trialId,
      revision,
      source,
      changes?.map(({ field, before, after }) => [field, before, after]),
    ]);
    expect(told.filter(([trialId]) => trialId === id)).toEqual([
      [
        id,
        1,
        'report',
        [
          ['a', undefined, 1],
          ['b.c', undefined, 'x'],
        ],
      ],
      [
        id,
        2,
        'set',
        [
          ['a', 1, 2],
          ['b.c', 'x', undefined],
        ],
      ],
      [id, 3, 'patch', [['d.f', undefined, 1]]],
      [
        id,
        4,
        'delete',
        [
          ['a', 2, undefined],
          ['d.f', 1, undefined],
        ],
      ],
      [
        id,
        5,
        'revert',
        [
          ['a', undefined, 1],
          ['b.c', undefined, 'x'],
        ],
      ],
      [id, 6, 'batch', [['a', 1, 3]]],
      [id, 7, 'batch', [['a', 3, 4]]],
    ]);
    expect(told.filter(([trialId]) => trialId === other)).toEqual([
      [other, 1, 'batch', [['a', undefined, 1]]],
      [
        other,
        2,
        'import',
        [
          ['a', 1, undefined],
          ['z', undefined, 1],
        ],
      ],
    ]);
    expect(new Set(items.map(({ updatedBy }) => updatedBy))).toEqual(new Set(['ada', 'bob']));
    expect(items).toHaveLength(9);
    // As the history tells them.
    const history = (await host.client.history(id)).items;
    expect(
      items.filter(({ trialId }) => trialId === id).map(({ trialId: _, ...revision }) => revision),
    ).toEqual([...history].reverse());
  });

  it('pages without gaps, and goes on from where it ended', async () => {
    const id = await newTrial();
    const service = host.app.get(MetadataService);
    for (let n = 0; n < 10; n += 1) await service.report(null, id, { n });
    const seen: number[] = [];
    let after = cursor;
    for (let page = 0; page < 4; page += 1) {
      const { items, next } = await changes(after, { limit: 3 });
      seen.push(...items.map(({ revision }) => revision));
      after = next;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const empty = await changes(after);
    expect(empty.items).toEqual([]);
    await service.report(null, id, { n: 'more' });
    expect((await changes(empty.next)).items.map(({ revision }) => revision)).toEqual([11]);
  });

  it('numbers keep every digit', async () => {
    const id = await newTrial();
    await host.post(`/trials/${id}/metadata`, '{"metadata":{"n":9007199254740993,"__proto__":1.50}}');
    await settledChanges(host.dataSource);
    const { text } = await host.get(`/metadata/changes?after=${cursor}`);
    expect(text).toContain('"after":9007199254740993');
    expect(text).toContain('{"field":"__proto__","after":1.50}');
  });

  it('a report that changes nothing is no change', async () => {
    const id = await newTrial();
    await host.client.reportMetadata(id, { a: 1 });
    await host.client.reportMetadata(id, { a: 1 });
    expect((await changes()).items).toHaveLength(1);
  });

  it('says so when the history was forgotten or the trial deleted, also when another took its id', async () => {
    const [kept, deleted, replaced] = [await newTrial(), await newTrial(), await newTrial()];
    for (const id of [kept, deleted, replaced]) await host.client.reportMetadata(id, { a: 1 });
    await host.client.reportMetadata(kept, { a: 2 });
    await host.dataSource.query(`DELETE FROM trial_metadata_history WHERE trial_id = $1 AND revision = 1`, [
      kept,
    ]);
    await host.dataSource.query(`DELETE FROM trials WHERE id = ANY ($1)`, [[deleted, replaced]]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await host.addTrials(replaced);
    await host.client.reportMetadata(replaced, { b: 1 });
    const told = (await changes()).items.map(({ trialId, revision, changes, missing }) => [
      trialId,
      revision,
      changes?.length,
      missing,
    ]);
    expect(told).toEqual([
      [kept, 1, undefined, 'revision_forgotten'],
      [deleted, 1, undefined, 'trial_deleted'],
      [replaced, 1, undefined, 'revision_forgotten'],
      [kept, 2, 1, undefined],
      [replaced, 1, 1, undefined],
    ]);
  });

  it('keeps back what a transaction that still runs could precede', async () => {
    const [early, late] = [await newTrial(), await newTrial()];
    const service = host.app.get(MetadataService);
    const batch = host.app.get(MetadataBatchService);
    const runner = host.dataSource.createQueryRunner();
    await runner.startTransaction();
    const options = { user: null, source: 'batch', manager: runner.manager } as const;
    await batch.reportMany([{ trialId: early, metadata: { a: 1 } }], options);
    await service.report(null, late, { a: 1 });
    const before = await host.client.changes({ after: cursor });
    expect(before.items).toEqual([]);
    // The trial that the transaction takes last is at a revision by then that a younger transaction made.
    await batch.reportMany([{ trialId: late, metadata: { a: 2 } }], options);
    await runner.commitTransaction();
    await runner.release();
    const { items } = await changes(before.next);
    expect(items.map(({ trialId, revision }) => [trialId, revision])).toEqual([
      [early, 1],
      [late, 1],
      [late, 2],
    ]);
  });

  it('refuses what is no cursor and no limit', async () => {
    for (const query of ['after=x', 'limit=0', 'limit=201', 'limit=-1', 'after=a&after=b']) {
      const answer = await host.get(`/metadata/changes?${query}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    }
  });

  it('is shortened by age; a cursor from before then is refused, one at the end goes on', async () => {
    const id = await newTrial();
    const service = host.app.get(MetadataService);
    const old = (await changes()).next;
    await service.report(null, id, { n: 1 });
    await service.report(null, id, { n: 2 });
    const { next: end } = await changes();
    await host.dataSource.query(
      `UPDATE trial_metadata_changes SET updated_at = updated_at - interval '31 days'`,
    );
    expect(await host.app.get(ChangeRetentionService).forget()).toBeGreaterThanOrEqual(2);
    await expect(changes(old)).rejects.toMatchObject({
      status: 410,
      code: 'changes_forgotten',
      message: expect.stringContaining('after=latest'),
    });
    expect((await changes(end)).items).toEqual([]);
    const latest = await changes('latest');
    await service.report(null, id, { n: 3 });
    for (const after of [end, latest.next]) {
      expect((await changes(after)).items.map(({ revision }) => revision)).toEqual([3]);
    }
    expect((await host.client.changes()).items).toHaveLength(1);
  });

  it('begins anew in a database that was restored from the dump of another server', async () => {
    const id = await newTrial();
    const service = host.app.get(MetadataService);
    await service.report(null, id, { n: 1 });
    const { next: old } = await changes();
    // As ids of transactions of a server that has come further.
    await host.dataSource.query(`UPDATE trial_metadata_changes SET place = place + 1000000`);
    await host.dataSource.query(`UPDATE trial_metadata SET place = place + 1000000`);
    expect((await host.client.changes({ after: old })).items).toEqual([]);
    const retention = host.app.get(ChangeRetentionService);
    expect(await retention.dropForeign()).toBe(true);
    expect(await retention.dropForeign()).toBe(false);
    await expect(changes(old)).rejects.toMatchObject({ status: 410 });
    const latest = await changes('latest');
    await service.report(null, id, { n: 2 });
    expect((await changes(latest.next)).items.map(({ revision }) => revision)).toEqual([2]);
  });
});

describe('16 writers whose transactions overlap', () => {
  it('a follower sees each revision once, in order per trial, and so does a listener', async () => {
    const host = await bootTinyHost({ connections: 40 });
    const trials = Array.from({ length: 24 }, (_, index) => index + 1);
    await host.addTrials(...trials);
    const [service, batch] = [host.app.get(MetadataService), host.app.get(MetadataBatchService)];
    const follower = host.app.get(MetadataChangesService);
    const told: MetadataEvent[] = [];
    host.app.get(MetadataEvents).on('*', (event) => told.push(event));
    const pick = () => trials[Math.floor(Math.random() * trials.length)] as number;
    const user = new TrustedUser('writer');
    const seen: TrialChange[] = [];
    let pages = 0;
    let isWriting = true;
    const follow = async (): Promise<void> => {
      let after: string | undefined;
      for (;;) {
        const isLast = !isWriting;
        if (isLast) await settledChanges(host.dataSource);
        const { items, next } = await follower.changes(user, { after, limit: 1 + (pages % 50) });
        seen.push(...items);
        after = next;
        pages += 1;
        if (isLast && items.length === 0) return;
      }
    };
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        if (round % 3 === 0) await service.report(user, pick(), { [`w${writer}`]: round });
        else if (round % 3 === 1) {
          const reports = Array.from({ length: 1 + Math.floor(Math.random() * 20) }, () => ({
            trialId: pick(),
            metadata: { [`b${writer}`]: Math.random() },
          }));
          await batch.batch(user, reports);
        } else await overlap(host.dataSource, batch, [pick(), pick()], round % 4 === 3);
      }
    };
    const following = follow();
    await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    isWriting = false;
    await following;
    const revisions = await host.dataSource.query<{ trial_id: string; revision: number }[]>(
      'SELECT trial_id, revision FROM trial_metadata',
    );
    for (const { trial_id: trial, revision } of revisions) {
      const upTo = Array.from({ length: revision }, (_, index) => index + 1);
      // Events are told by commit, which a listener sees in no order where two are answered at once.
      const of = (list: readonly { trialId: unknown; revision: number }[]) =>
        list.filter(({ trialId }) => trialId === Number(trial)).map((change) => change.revision);
      expect(of(seen)).toEqual(upTo);
      expect([...of(told)].sort((a, b) => a - b)).toEqual(upTo);
    }
    expect(seen.length).toBe(told.length);
    expect(pages).toBeGreaterThan(20);
    await host.close();
  }, 120_000);
});

/** A transaction of a host's own, of some length, that is committed or undone at its end. */
async function overlap(
  dataSource: DataSource,
  batch: MetadataBatchService,
  trials: readonly number[],
  fails: boolean,
): Promise<void> {
  const user = new TrustedUser('host');
  const report = (manager: DataSource['manager'], trialId: number) =>
    batch.reportMany([{ trialId, metadata: { host: Math.random() } }], { user, source: 'report', manager });
  const pause = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
  try {
    await dataSource.transaction(async (manager) => {
      // In the order of their ids, as batches do: else two of these could meet in a deadlock.
      for (const trialId of [...trials].sort((a, b) => a - b)) {
        await report(manager, trialId);
        await pause();
      }
      if (fails) throw new Error('on purpose');
    });
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'on purpose') throw error;
  }
}
