import {
  FieldCounter,
  MetadataBatchService,
  MetadataEvents,
  MetadataService,
  TrustedUser,
} from '../src/metadata/index.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('metadata within a transaction of the host', () => {
  let host: TinyHost;
  let metadata: MetadataService;
  let nextTrial = 1;
  const job = new TrustedUser('nightly job');

  beforeAll(async () => {
    // With one connection, whatever is not within the transaction would wait for it for ever.
    host = await bootTinyHost({ connections: 2 });
    metadata = host.app.get(MetadataService);
  });

  afterAll(() => host.close());

  it('is written, changed and read with the trial that the transaction makes and locks', async () => {
    const id = nextTrial++;
    const told: number[] = [];
    const stop = host.app.get(MetadataEvents).on('*', ({ revision }) => told.push(revision));
    await host.dataSource.transaction(async (manager) => {
      await manager.query('INSERT INTO trials (id) VALUES ($1)', [id]);
      await manager.query('SELECT FROM trials WHERE id = $1 FOR UPDATE', [id]);
      await metadata.report(job, id, { a: 1, b: { c: 1 } }, { manager });
      await metadata.patch(job, id, { b: { d: 2 } }, { manager });
      await metadata.set(job, id, { e: 1 }, { manager, ifRevision: [2] });
      const reverted = await metadata.revert(job, id, 2, { manager });
      expect(reverted.revision).toBe(4);
      expect((await metadata.get(job, id, { manager })).metadata.text).toBe(
        '{"a": 1, "b": {"c": 1, "d": 2}}',
      );
      expect((await host.get(`/trials/${id}/metadata`)).status).toBe(404);
      expect(told).toEqual([]);
    });
    expect((await host.get(`/trials/${id}/metadata`)).body).toMatchObject({
      revision: 4,
      updatedBy: 'nightly job',
    });
    expect(told).toEqual([1, 2, 3, 4]);
    stop();
  });

  it('goes with it when it is rolled back', async () => {
    const id = nextTrial++;
    await host.addTrials(id);
    const work = host.dataSource.transaction(async (manager) => {
      await metadata.report(job, id, { a: 1 }, { manager });
      await metadata.clear(job, id, { manager });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await host.get(`/trials/${id}/metadata`)).body).toMatchObject({ metadata: {}, revision: 0 });
  });

  it('tells one by one what of many is refused, and writes the others', async () => {
    const id = nextTrial++;
    await host.addTrials(id);
    const reports = [
      { trialId: 'none', metadata: { x: 1 } },
      { trialId: id, metadata: { x: Number.NaN } },
      { trialId: id, metadata: [] },
      { trialId: id, metadata: { x: 1 } },
    ];
    const results = await host.dataSource.transaction((manager) =>
      host.app.get(MetadataBatchService).reportMany(reports, { user: job, source: 'report', manager }),
    );
    expect(results).toMatchObject([
      { code: 'invalid_request', problems: [{ code: 'invalid_trial_id' }] },
      { code: 'invalid_request' },
      { code: 'invalid_request', problems: [{ code: 'not_an_object' }] },
      { trialId: id, revision: 1, changed: true },
    ]);
  });

  it('is out of the known fields when its trials are forgotten before they are deleted', async () => {
    const ids = [nextTrial++, nextTrial++];
    await host.addTrials(...ids);
    for (const id of ids) await metadata.report(job, id, { leaving: id });
    const fields = async () => (await host.get('/metadata/fields?q=leaving')).body.items;
    expect(await fields()).toMatchObject([{ path: 'leaving', trials: 2 }]);
    await host.dataSource.transaction(async (manager) => {
      await host.app.get(FieldCounter).forget(manager, ids);
      await manager.query('DELETE FROM trials WHERE id = ANY ($1)', [ids]);
    });
    expect(await fields()).toEqual([]);
  });
});
