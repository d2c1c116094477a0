import { ProblemError } from 'nestjs-trial-metadata/client';
import { MetadataError, MetadataService, RevisionConflictError, TrustedUser } from '../src/metadata/index.js';
import { bootTinyHost, type TinyHost } from './support/tiny-host.js';

describe('many writers of one trial', () => {
  let host: TinyHost;
  let service: MetadataService;
  let nextTrial = 1;
  const user = new TrustedUser('writer');

  beforeAll(async () => {
    host = await bootTinyHost({ connections: 64 });
    service = host.app.get(MetadataService);
  });

  afterAll(() => host.close());

  const newTrial = async (): Promise<number> => {
    const id = nextTrial++;
    await host.addTrials(id);
    return id;
  };
  const inParallel = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  const stateOf = (id: number) => host.client.readMetadata(id);
  /** Every revision that the history holds, oldest first. */
  const revisionsOf = async (id: number): Promise<readonly number[]> => {
    const rows = await host.dataSource.query<{ revision: number }[]>(
      'SELECT revision FROM trial_metadata_history WHERE trial_id = $1 ORDER BY revision',
      [id],
    );
    return rows.map(({ revision }) => revision);
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('64 reporters of disjoint keys lose nothing, from the first revision on, in 100 rounds', async () => {
    for (let round = 0; round < 100; round += 1) {
      const id = await newTrial();
      const records = await inParallel(64, (index) => service.report(user, id, { [`k${index}`]: round }));
      expect(records.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(upTo(64));
      const { metadata, revision } = await stateOf(id);
      expect(metadata).toEqual(
        Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, round])),
      );
      expect(revision).toBe(64);
      expect(await revisionsOf(id)).toEqual(upTo(64));
    }
  }, 180_000);

  it('and over HTTP, on one trial all the time', async () => {
    const id = await newTrial();
    for (let round = 0; round < 5; round += 1) {
      await inParallel(64, (index) => host.client.reportMetadata(id, { [`k${index}`]: round }));
    }
    const { metadata, revision } = await stateOf(id);
    expect(Object.values(metadata)).toEqual(Array(64).fill(4));
    expect(revision).toBe(5 * 64);
    expect(await revisionsOf(id)).toEqual(upTo(5 * 64));
  });

  it('the history of concurrent reports leads back from the document to {}, without a break', async () => {
    const id = await newTrial();
    await inParallel(64, (index) => service.report(user, id, { shared: index, [`k${index % 7}`]: index }));
    const { items } = await host.client.history(id, { limit: 200 });
    const document = new Map<string, unknown>(Object.entries((await stateOf(id)).metadata));
    for (const { changes } of items) {
      for (const { field, before, after } of changes) {
        expect(document.get(field)).toEqual(after);
        if (before === undefined) document.delete(field);
        else document.set(field, before);
      }
    }
    expect(document.size).toBe(0);
  });

  it('merge patches of disjoint fields below one key lose nothing', async () => {
    const id = await newTrial();
    await inParallel(32, (index) =>
      service.patch(user, id, { results: { [`f${index}`]: { value: index } } }),
    );
    const { metadata, revision } = await stateOf(id);
    expect(Object.keys(metadata['results'] ?? {})).toHaveLength(32);
    expect([revision, await revisionsOf(id)]).toEqual([32, upTo(32)]);
  });

  it('patches, sets, clears and reports at once give the result of some order, told by their revisions', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await newTrial();
      type Step = { readonly revision: number; readonly apply: (document: Document) => Document };
      type Document = Readonly<Record<string, unknown>>;
      const steps: readonly Step[] = await inParallel(24, async (index): Promise<Step> => {
        const key = `k${index % 5}`;
        // Each value is written once, so that every write changes something.
        const value = { [key]: `${round}-${index}` };
        if (index % 8 === 7) {
          const { revision } = await service.set(user, id, value);
          return { revision, apply: () => value };
        }
        if (index % 2 === 0) {
          const { revision } = await service.report(user, id, value);
          return { revision, apply: (document) => ({ ...document, ...value }) };
        }
        const { revision } = await service.patch(user, id, { ...value, k0: null });
        return {
          revision,
          apply: (document) => {
            const { k0: _gone, ...rest } = { ...document, ...value };
            return rest;
          },
        };
      });
      const inOrder = [...steps].sort((a, b) => a.revision - b.revision);
      const expected = inOrder.reduce<Document>((document, { apply }) => apply(document), {});
      expect((await stateOf(id)).metadata).toEqual(expected);
    }
  });

  it('If-Match lets exactly one writer win each revision', async () => {
    const id = await newTrial();
    for (let revision = 0; revision < 20; revision += 1) {
      const outcomes = await inParallel(16, async (index) => {
        const value = { writer: `${revision}-${index}` };
        const write =
          index % 3 === 0
            ? service.report(user, id, value, { ifRevision: [revision] })
            : index % 3 === 1
              ? service.patch(user, id, value, { ifRevision: [revision] })
              : service.set(user, id, value, { ifRevision: [revision] });
        return await write.then(
          (record) => record.revision,
          (error: unknown) => error,
        );
      });
      const won = outcomes.filter((outcome) => typeof outcome === 'number');
      expect(won).toEqual([revision + 1]);
      for (const lost of outcomes.filter((outcome) => typeof outcome !== 'number')) {
        expect(lost).toBeInstanceOf(RevisionConflictError);
        const { current, changedKeys } = lost as RevisionConflictError;
        expect([current, changedKeys]).toEqual([revision + 1, ['writer']]);
      }
    }
  });

  it('a compare-and-set counter over HTTP ends at the number of its increments', async () => {
    const id = await newTrial();
    await inParallel(8, async () => {
      for (let done = 0; done < 10;) {
        const { metadata, revision } = await stateOf(id);
        const count = Number(metadata['count'] ?? 0) + 1;
        try {
          await host.client.reportMetadata(id, { count }, { ifRevision: revision });
          done += 1;
        } catch (error) {
          if (!(error instanceof ProblemError) || error.status !== 412) throw error;
        }
      }
    });
    expect(await stateOf(id)).toMatchObject({ metadata: { count: 80 }, revision: 80 });
  });

  it('reports and the deletion of their trial meet without a deadlock, and nothing is left behind', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await newTrial();
      const outcomes = await Promise.all([
        ...Array.from({ length: 8 }, (_, index) =>
          service.report(user, id, { [`k${index}`]: 1 }).then(
            () => 'written',
            (error: unknown) => (error instanceof MetadataError ? error.code : String(error)),
          ),
        ),
        host.dataSource.query('DELETE FROM trials WHERE id = $1', [id]).then(() => 'written'),
      ]);
      expect(outcomes.filter((outcome) => outcome !== 'written' && outcome !== 'trial_not_found')).toEqual(
        [],
      );
      const left = await host.dataSource.query('SELECT 1 FROM trial_metadata WHERE trial_id = $1', [id]);
      expect(left).toEqual([]);
    }
  });
});

describe('behind a pooler that mixes connections', () => {
  let host: TinyHost;

  beforeAll(async () => {
    host = await bootTinyHost({ connections: 1 });
    await host.addTrials(1);
  });

  afterAll(() => host.close());

  it('reports go on when a statement that was prepared is not there any more', async () => {
    const report = async (step: number) => (await host.client.reportMetadata(1, { step })).revision;
    expect(await report(1)).toBe(1);
    await host.dataSource.query('DEALLOCATE ALL');
    expect(await report(2)).toBe(2);
    expect(await report(3)).toBe(3);
  });
});
