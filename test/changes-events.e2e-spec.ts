import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  MetadataBatchService,
  MetadataEvents,
  MetadataHistoryService,
  MetadataService,
  parseJson,
  TrustedUser,
  type MetadataEvent,
} from '../src/metadata/index.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('events', () => {
  let host: TinyHost;
  let events: MetadataEvents;
  let service: MetadataService;
  let batch: MetadataBatchService;
  let told: MetadataEvent[];
  let stop: () => void;
  let nextTrial = 1;
  const user = new TrustedUser('ada');

  beforeAll(async () => {
    host = await bootTinyHost();
    events = host.app.get(MetadataEvents);
    service = host.app.get(MetadataService);
    batch = host.app.get(MetadataBatchService);
  });

  afterAll(() => host.close());

  beforeEach(() => {
    told = [];
    stop = events.on('*', (event) => told.push(event));
  });

  afterEach(() => stop());

  const newTrial = async (): Promise<number> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return id;
  };
  const names = () => told.map(({ name, trialId, revision, source }) => [name, trialId, revision, source]);

  it('tell every kind of write by its name, with what changed and the document after it', async () => {
    const id = await newTrial();
    await service.report(user, id, { a: 1, b: { c: 2 } });
    await service.report(user, id, { a: 2 });
    await service.set(user, id, { a: 2, d: 1 });
    await service.patch(user, id, { d: null });
    await service.clear(user, id);
    await service.revert(user, id, 1);
    await batch.batch(user, [{ trialId: id, metadata: { a: 7 } }]);
    await batch.setMany([{ trialId: id, metadata: {} }], { user, source: 'import' });
    expect(names()).toEqual([
      ['metadata.reported', id, 1, 'report'],
      ['metadata.reported', id, 2, 'report'],
      ['metadata.set', id, 3, 'set'],
      ['metadata.patched', id, 4, 'patch'],
      ['metadata.deleted', id, 5, 'delete'],
      ['metadata.reverted', id, 6, 'revert'],
      ['metadata.reported', id, 7, 'batch'],
      ['metadata.imported', id, 8, 'import'],
    ]);
    const history = (await host.client.history(id)).items;
    const shown = told.map(({ revision, updatedAt, updatedBy, source, changes }) => ({
      revision,
      updatedAt,
      updatedBy,
      source,
      changes: JSON.parse(JSON.stringify(changes)) as unknown,
    }));
    expect(shown).toEqual([...history].reverse());
    expect(told.map(({ metadata }) => metadata.text)).toEqual([
      '{"a": 1, "b": {"c": 2}}',
      '{"a": 2, "b": {"c": 2}}',
      '{"a": 2, "d": 1}',
      '{"a": 2}',
      '{}',
      '{"a": 1, "b": {"c": 2}}',
      '{"a": 7, "b": {"c": 2}}',
      '{}',
    ]);
  });

  it('and records are written by JSON.stringify as the values that they stand for', async () => {
    const id = await newTrial();
    const document = { n: 1.5, list: [{ gpu: 'A100', of: [2] }], empty: {}, text: 'x' };
    const record = await service.report(user, id, document);
    expect(JSON.parse(JSON.stringify(record))).toMatchObject({ trialId: id, metadata: document });
    const changes = [
      { field: 'empty', after: {} },
      { field: 'list', after: [{ gpu: 'A100', of: [2] }] },
      { field: 'n', after: 1.5 },
      { field: 'text', after: 'x' },
    ];
    expect(JSON.parse(JSON.stringify(told))).toMatchObject([{ metadata: document, changes }]);
    const { items } = await host.app.get(MetadataHistoryService).history(user, id);
    expect(JSON.parse(JSON.stringify(items))).toMatchObject([{ changes }]);
  });

  it('are not told of a report that changes nothing or is refused', async () => {
    const id = await newTrial();
    await service.report(user, id, { a: 1 });
    await service.report(user, id, { a: 1 });
    await expect(service.report(user, id, { a: 2 }, { ifRevision: [7] })).rejects.toThrow();
    await expect(service.report(user, 987_654, { a: 2 })).rejects.toThrow();
    expect(told).toHaveLength(1);
  });

  it('come after the commit of the host’s transaction, and not at all when it is undone', async () => {
    const [first, second] = [await newTrial(), await newTrial()];
    const write = (manager: TinyHost['dataSource']['manager'], trialId: number, n: number) =>
      batch.reportMany([{ trialId, metadata: { n } }], { user, source: 'report', manager });
    await host.dataSource.transaction(async (manager) => {
      await write(manager, first, 1);
      await manager
        .transaction(async (nested) => {
          await write(nested, second, 1);
          throw new Error('on purpose');
        })
        .catch(() => undefined);
      await manager.transaction((nested) => write(nested, second, 2));
      expect(told).toEqual([]);
    });
    expect(names()).toEqual([
      ['metadata.reported', first, 1, 'report'],
      ['metadata.reported', second, 1, 'report'],
    ]);
    await host.dataSource
      .transaction(async (manager) => {
        await write(manager, first, 3);
        throw new Error('on purpose');
      })
      .catch(() => undefined);
    expect(told).toHaveLength(2);
    // A listener sees what was told as committed.
    const read = new Promise((resolve) =>
      events.on('metadata.set', ({ trialId }) => resolve(service.get(user, trialId))),
    );
    await service.set(user, first, { seen: true });
    expect(await read).toMatchObject({ revision: 2 });
  });

  it('a listener that throws or rejects is logged, and neither the write nor other listeners suffer', async () => {
    const id = await newTrial();
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const stops = [
      events.on('metadata.reported', () => {
        throw new Error('thrown on purpose');
      }),
      events.on('metadata.reported', () => Promise.reject(new Error('rejected on purpose'))),
    ];
    const heard: number[] = [];
    stops.push(events.on('metadata.reported', ({ revision }) => heard.push(revision)));
    expect((await host.client.reportMetadata(id, { a: 1 })).revision).toBe(1);
    expect(heard).toEqual([1]);
    const lines = logged.mock.calls.map(([message]) => String(message));
    expect(lines).toHaveLength(2);
    expect(lines.join()).toMatch(/metadata\.reported failed: .*thrown on purpose[^]*rejected on purpose/);
    for (const off of stops) off();
    await host.client.reportMetadata(id, { a: 2 });
    expect(heard).toEqual([1]);
    logged.mockRestore();
  });
});

describe('a host that keeps no list of changes', () => {
  it('says so, and is told events all the same', async () => {
    const host = await bootTinyHost({ module: { changes: false } });
    try {
      await host.addTrials(1);
      const told: string[] = [];
      host.app.get(MetadataEvents).on('metadata.reported', ({ metadata }) => told.push(metadata.text));
      await host.client.reportMetadata(1, { n: 1 });
      await host.client.reportBatch([{ trialId: 1, metadata: { n: 2 } }]);
      expect(told.map((text) => parseJson(text))).toHaveLength(2);
      await expect(host.client.changes()).rejects.toMatchObject({ status: 404, code: 'changes_off' });
      expect(await host.dataSource.query('SELECT FROM trial_metadata_changes')).toEqual([]);
    } finally {
      await host.close();
    }
  });
});
