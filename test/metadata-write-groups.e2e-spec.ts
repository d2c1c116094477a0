import { ConsoleLogger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  allowAll,
  MetadataEvents,
  MetadataModule,
  MetadataService,
  TrialMetadata,
  TrialNotFoundError,
  TrustedUser,
  type MetadataEvent,
  type MetadataRecord,
} from '../src/metadata/index.js';
import { recordStatements } from './support/record-statements.js';
import { settledChanges } from './support/settled-changes.js';
import { bootTinyHost, HostTrial, type TinyHost } from './support/tiny-host.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const inParallel = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const isGroup = (text: string) => text.includes('SKIP LOCKED');
const isSingle = (text: string) => /INSERT INTO "trial_metadata" AS/.test(text) && !isGroup(text);

/** A second process of the host, as far as the database can tell. */
async function joinHost({ dataSource: { options } }: TinyHost): Promise<TestingModule> {
  const url = 'url' in options ? options.url : undefined;
  const module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: url ?? '', entities: [HostTrial, TrialMetadata] }),
      MetadataModule.forRoot({
        trial: { entity: HostTrial, id: 'id' },
        access: allowAll,
        controllers: false,
      }),
    ],
  })
    .setLogger(new ConsoleLogger({ logLevels: ['error'] }))
    .compile();
  return await module.init();
}

describe('reports that come in at once', () => {
  let host: TinyHost;
  let service: MetadataService;
  let sent: string[];
  let nextTrial = 1;
  const user = new TrustedUser('ada');

  beforeAll(async () => {
    host = await bootTinyHost({ module: { limits: { documentBytes: 1_000 } } });
    service = host.app.get(MetadataService);
    sent = recordStatements(host.dataSource);
  });

  afterAll(() => host.close());

  beforeEach(() => {
    sent.length = 0;
  });

  const newTrials = async (count: number): Promise<readonly number[]> => {
    const ids = Array.from({ length: count }, () => nextTrial++);
    await host.addTrials(...ids);
    return ids;
  };

  it('64 writers get their own answers, and the history is theirs', async () => {
    const ids = await newTrials(64);
    await inParallel(64, async (writer) => {
      for (let step = 1; step <= 5; step += 1) {
        const body = { metadata: { step, [`k${step}`]: writer } };
        const path = `/trials/${ids[writer]}/metadata`;
        const answer = await host.post(path, body, { 'x-user': `writer ${writer}` });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('etag')).toBe(`"${step}"`);
        expect(answer.body).toEqual({
          trialId: ids[writer],
          metadata: { step, ...Object.fromEntries(upTo(step).map((each) => [`k${each}`, writer])) },
          revision: step,
          updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          updatedBy: `writer ${writer}`,
        });
      }
    });
    const [first, second] = [sent.filter(isGroup).length, sent.filter(isSingle).length];
    expect(first).toBeGreaterThan(0);
    expect(first + second).toBeLessThan(5 * 64 * 0.5);
    for (const [writer, id] of ids.entries()) {
      const { items } = await host.client.history(id);
      expect(items.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1]);
      expect(new Set(items.map(({ source, updatedBy }) => `${source} by ${updatedBy}`))).toEqual(
        new Set([`report by writer ${writer}`]),
      );
      expect(items[0]?.changes).toEqual([
        { field: 'k5', after: writer },
        { field: 'step', before: 4, after: 5 },
      ]);
    }
  });

  it('keep every digit, and say when nothing has changed', async () => {
    const ids = await newTrials(8);
    const digits = (id: number) => host.post(`/trials/${id}/metadata`, '{"metadata":{"n":1.50e3,"m":1.0}}');
    for (const answers of [await Promise.all(ids.map(digits)), await Promise.all(ids.map(digits))]) {
      for (const { text } of answers) {
        expect(text).toContain('"n": 1500');
        expect(text).toContain('"m": 1.0');
        expect(text).toContain('"revision":1');
      }
    }
    const respelled = await inParallel(8, (index) =>
      host.post(`/trials/${ids[index]}/metadata`, '{"metadata":{"m":1}}'),
    );
    expect(respelled.map(({ body }) => body.revision)).toEqual(Array(8).fill(2));
  });

  it('one that fails fails alone, as it would have without the others', async () => {
    const ids = await newTrials(40);
    await service.report(user, ids[10] ?? 0, { long: 'x'.repeat(900) });
    const bodies: readonly [number, object][] = ids.map((id, index) => [
      index === 20 ? 999_999 : id,
      index === 10 ? { more: 'y'.repeat(500) } : index === 30 ? {} : { index },
    ]);
    const alone = async (place: number) => {
      const [id, metadata] = bodies[place] ?? [];
      const { status, body } = await host.post(`/trials/${id}/metadata`, { metadata });
      return { status, body };
    };
    const expected = { 10: await alone(10), 20: await alone(20), 30: await alone(30) };
    expect([expected[10].status, expected[20].status, expected[30].body.revision]).toEqual([400, 404, 0]);
    const answers = await inParallel(40, alone);
    for (const [place, answer] of answers.entries()) {
      if (place in expected) expect(answer).toEqual(expected[place as keyof typeof expected]);
      else expect([answer.status, answer.body.revision]).toEqual([200, 1]);
    }
    expect(sent.some(isGroup)).toBe(true);
  });

  it('a value that the database refuses harms nobody else', async () => {
    const ids = await newTrials(32);
    const bad = ids[17] ?? 0;
    await host.dataSource.query(
      `ALTER TABLE trial_metadata ADD CONSTRAINT no_such CHECK (trial_id <> ${bad})`,
    );
    try {
      const outcomes = await Promise.allSettled(ids.map((id) => service.report(user, id, { id })));
      const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
      expect(failed).toEqual([17]);
    } finally {
      await host.dataSource.query('ALTER TABLE trial_metadata DROP CONSTRAINT no_such');
    }
    for (const id of ids) expect((await service.get(user, id)).revision).toBe(id === bad ? 0 : 1);
  });

  it('one whose trial is held by a transaction of the host waits for it, and the others do not', async () => {
    const ids = await newTrials(40);
    await Promise.all(ids.map((id) => service.report(user, id, { n: 0 })));
    const [held, ...free] = ids;
    const runner = host.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('SELECT 1 FROM trial_metadata WHERE trial_id = $1 FOR UPDATE', [held]);
      const waiting = [1, 2].map((n) => service.report(user, held ?? 0, { n }));
      // First the one that is held alone, then with it in a group.
      await Promise.all(free.map((id) => service.report(user, id, { n: 1 })));
      waiting.push(...free.map((id) => service.report(user, id, { n: 2 })));
      waiting.push(service.report(user, held ?? 0, { n: 3 }));
      const records = await Promise.all(waiting.slice(2, -1));
      expect(records.every(({ revision }) => revision === 3)).toBe(true);
      await runner.commitTransaction();
      const [first, second] = await Promise.all(waiting.slice(0, 2));
      const last = await waiting.at(-1);
      expect([first?.revision, second?.revision, last?.revision]).toEqual([2, 3, 4]);
    } finally {
      await runner.release();
    }
  });

  it('on one trial are written in the order in which they came', async () => {
    const [id = 0, ...others] = await newTrials(10);
    const noise = others.map((other) => service.report(user, other, { n: 1 }));
    const records = await inParallel(50, (n) => service.report(user, id, { n }));
    await Promise.all(noise);
    expect(records.map(({ revision }) => revision)).toEqual(upTo(50));
    expect(JSON.parse((await service.get(user, id)).metadata.text)).toEqual({ n: 49 });
  });

  it('are told to listeners after they are committed, each with what changed', async () => {
    const ids = await newTrials(30);
    await service.report(user, ids[3] ?? 0, { n: 'old' });
    const told: MetadataEvent[] = [];
    const seen: Promise<MetadataRecord>[] = [];
    const stop = host.app.get(MetadataEvents).on('metadata.reported', (event) => {
      told.push(event);
      seen.push(service.get(user, event.trialId));
    });
    await Promise.all(ids.map((id) => service.report(user, id, { n: id })));
    stop();
    expect(told.map(({ trialId }) => trialId).sort((a, b) => Number(a) - Number(b))).toEqual(ids);
    for (const { trialId, revision, changes, updatedBy } of told) {
      const isOld = trialId === ids[3];
      expect([revision, updatedBy]).toEqual([isOld ? 2 : 1, 'ada']);
      expect(changes).toHaveLength(1);
      expect('before' in (changes[0] ?? {})).toBe(isOld);
    }
    const records = await Promise.all(seen);
    expect(records.map(({ trialId, revision }) => [trialId, revision])).toEqual(
      told.map(({ trialId, revision }) => [trialId, revision]),
    );
  });

  it('are all in the list of changes, each once', async () => {
    await settledChanges(host.dataSource);
    const { next } = await host.client.changes({ after: 'latest' });
    const ids = await newTrials(20);
    await inParallel(60, (index) => service.report(user, ids[index % 20] ?? 0, { n: index }));
    await settledChanges(host.dataSource);
    const { items } = await host.client.changes({ after: next, limit: 100 });
    const found = items.map(({ trialId, revision }) => [trialId, revision]);
    expect(found).toHaveLength(60);
    expect(new Set(found.map(String))).toEqual(
      new Set(ids.flatMap((id) => upTo(3).map((revision) => String([id, revision])))),
    );
  });

  it('of trials that are being deleted are refused, and no other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ids = await newTrials(40);
      const gone = ids.filter((_, index) => index % 4 === 0);
      if (round % 2 === 0) await Promise.all(ids.map((id) => service.report(user, id, { n: 0 })));
      const reports = Promise.allSettled(ids.map((id) => service.report(user, id, { n: 1 })));
      await host.dataSource.query('DELETE FROM trials WHERE id = ANY ($1::bigint[])', [gone]);
      for (const [index, outcome] of (await reports).entries()) {
        if (outcome.status === 'fulfilled') continue;
        expect(outcome.reason).toBeInstanceOf(TrialNotFoundError);
        expect(gone).toContain(ids[index]);
      }
      const left = await host.dataSource.query<{ trial_id: string }[]>(
        'SELECT trial_id FROM trial_metadata WHERE trial_id = ANY ($1::bigint[])',
        [ids],
      );
      expect(left).toHaveLength(30);
    }
  });
});

describe('two hosts that report on the same trials at once', () => {
  it('lose nothing and do not get into a deadlock', async () => {
    const host = await bootTinyHost();
    const other = await joinHost(host);
    try {
      const ids = upTo(40);
      await host.addTrials(...ids);
      await inParallel(8, async (writer) => {
        for (const [step, id] of (writer % 2 === 0 ? ids : ids.toReversed()).entries()) {
          const service = (writer % 2 === 0 ? host.app : other).get(MetadataService);
          const records = [id, ids[(step * 7) % 40] ?? id].map((trial) =>
            service.report(new TrustedUser('w'), trial, { [`k${writer}-${step}-${trial}`]: step }),
          );
          await Promise.all(records);
        }
      });
      const rows = await host.dataSource.query<{ revision: number; keys: number; past: number }[]>(
        `SELECT revision, (SELECT count(*)::integer FROM jsonb_object_keys(metadata)) AS keys,
                (SELECT count(*)::integer FROM trial_metadata_history AS h WHERE h.trial_id = m.trial_id) AS past
           FROM trial_metadata AS m`,
      );
      expect(rows).toHaveLength(40);
      expect(rows.every(({ revision, keys, past }) => revision === keys && past === revision)).toBe(true);
    } finally {
      await other.close();
      await host.close();
    }
  });
});

describe('a host that keeps no list of changes, with ids of another type', () => {
  it('has its reports written together too, and those that wait when it closes are not lost', async () => {
    const host = await bootTinyHost({
      idType: 'uuid',
      connections: 2,
      module: { access: allowAll, changes: false },
    });
    const sent = recordStatements(host.dataSource);
    const service = host.app.get(MetadataService);
    const ids = upTo(50).map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    await host.addTrials(...ids);
    const reports = inParallel(100, (n) => service.report(new TrustedUser('ada'), ids[n % 50] ?? '', { n }));
    await host.close();
    const revisions = (await reports).map(({ revision }) => revision);
    expect(revisions).toEqual([...Array<number>(50).fill(1), ...Array<number>(50).fill(2)]);
    expect(sent.filter(isGroup).length).toBeGreaterThan(0);
  });
});
