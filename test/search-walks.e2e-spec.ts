import { setTimeout as sleep } from 'node:timers/promises';
import {
  DEFAULT_QUERY_LIMITS,
  parseFilter,
  parseJson,
  parseSort,
  writeJson,
  type JsonObject,
} from '../src/metadata/index.js';
import { TRIAL_COLUMNS } from '../src/experiments/index.js';
import { bootMaster, type TestMaster } from './support/boot-master.js';
import { compareBySort, evaluateFilter, type ReferenceTrial } from './support/reference/index.js';

const NAMES = { columns: TRIAL_COLUMNS, limits: DEFAULT_QUERY_LIMITS };
/** More than a search walks at first, so that every way to go on is taken. */
const TRIALS = 3_000;

/** Ties, missing values and values of all types, spread so that no order is that of the ids. */
function documentOf(id: number): object {
  const mixed = (id * 7919) % TRIALS;
  return {
    gpu: ['A100', 'H100', 'V100'][mixed % 3],
    batch: mixed % 4,
    ...(mixed % 5 === 0 ? {} : { loss: mixed % 11 === 0 ? `late ${mixed % 7}` : mixed / 8 }),
    ...(mixed % 600 === 1 ? { rare: mixed } : {}),
    ...(mixed % 900 === 2 ? { note: 'ended in Divergence, twice' } : { note: `usual ${mixed % 10}` }),
    nested: mixed % 13 === 0 ? null : { list: [mixed % 9, 'x'], [`a "b'\\c`]: mixed % 50 },
  };
}

function parsed(document: object): JsonObject {
  return parseJson(writeJson(document)) as JsonObject;
}

describe('searches that walk an order, on either side of every turn', () => {
  let master: TestMaster;
  let trials: readonly ReferenceTrial[];

  beforeAll(async () => {
    master = await bootMaster();
    const { dataSource } = master;
    await dataSource.query(`INSERT INTO projects (name, created_at) VALUES ('P', now())`);
    await dataSource.query(
      `INSERT INTO experiments (project_id, name) SELECT 1, 'E' || n FROM generate_series(1, 30) AS n`,
    );
    await dataSource.query(`INSERT INTO trials (experiment_id, start_time) SELECT 1 + id % 30, CASE WHEN id % 4 > 0 THEN timestamptz '2024-01-01Z' + id % 97 * interval '1 h' END FROM generate_series(1, $1) AS id`, [TRIALS]); // prettier-ignore
    const documents = Array.from({ length: TRIALS }, (_, index) => documentOf(index + 1));
    // Every tenth trial has no metadata.
    await dataSource.query(
      `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
       SELECT ordinality, document, 1, now() FROM unnest($1::jsonb[]) WITH ORDINALITY AS d (document, ordinality) WHERE ordinality % 10 > 0`,
      [documents.map((document) => JSON.stringify(document))],
    );
    await dataSource.query('ANALYZE');
    const starts: readonly { id: string; start: Date | null }[] = await dataSource.query(
      'SELECT id, start_time AS start FROM trials ORDER BY id',
    );
    trials = starts.map(({ id, start }) => ({
      id: Number(id),
      metadata: Number(id) % 10 > 0 ? parsed(documentOf(Number(id))) : undefined,
      columns: new Map([
        ['trial.id', parseJson(id)],
        ...(start === null ? [] : [['trial.startTime', start.toISOString()] as const]),
      ]),
    }));
  });

  afterAll(() => master.close());

  const SORTS: readonly (readonly object[])[] = [
    [],
    [{ field: 'trial.id', direction: 'desc' }],
    [{ field: 'trial.startTime', direction: 'desc' }],
    ...(['asc', 'desc'] as const).flatMap((direction) => [
      [{ field: 'metadata.loss', direction }],
      [
        { field: 'metadata.batch', direction },
        { field: 'metadata.loss', direction: 'desc' },
      ],
      [{ field: 'metadata.rare', direction }],
      [{ field: `metadata.nested."a \\"b'\\\\c"`, direction }],
      [{ field: 'metadata.note', direction, as: 'text' }],
    ]),
  ];
  const FILTERS: readonly (object | undefined)[] = [
    undefined,
    condition('gpu', 'is', 'A100'),
    condition('gpu', 'isNot', 'A100'),
    condition('gpu', 'in', ['A100', 'unknown']),
    condition('note', 'contains', 'divergence'),
    condition('note', 'contains', 'usual'),
    condition('note', 'startsWith', 'ENDED in div'),
    condition('loss', 'gt', 360),
    { and: [condition('batch', 'lte', 1), condition('loss', 'between', [100, 300])] },
    { or: [condition('rare', 'exists'), condition('nested', 'is', null)] },
    condition('rare', 'is', 601),
    { not: condition('note', 'contains', 'usual') },
  ];

  function condition(path: string, operator: string, value?: unknown): object {
    return { field: `metadata.${path}`, operator, ...(value === undefined ? {} : { value }) };
  }

  function expected(filter: object | undefined, sort: readonly object[]): readonly number[] {
    const parsed = parseFilter(filter && parseJson(writeJson(filter)), NAMES);
    const order = parseSort(parseJson(writeJson(sort)), NAMES);
    return trials
      .filter((trial) => evaluateFilter(parsed, trial))
      .toSorted((a, b) => compareBySort(order, a, b))
      .map(({ id }) => id);
  }

  async function pageByPage(
    filter: object | undefined,
    sort: readonly object[],
    limit: number,
  ): Promise<number[]> {
    const ids: number[] = [];
    for (let after: string | null = null; ;) {
      const { status, body } = await master.post('/trials/search', {
        filter,
        sort,
        limit,
        after,
        fields: [],
        count: 'none',
      });
      expect(status).toBe(200);
      ids.push(...body.items.map(({ id }: { id: number }) => id));
      after = body.next;
      // Far enough to see the turns; the tail is seen by asking from its beginning.
      if (after === null || ids.length >= 5 * limit) return ids;
    }
  }

  async function buildIndex(field: string): Promise<void> {
    for (;;) {
      const { status, body } = await master.put(`/metadata/indexes/${encodeURIComponent(field)}`);
      expect(status).toBe(202);
      if (body.index.state === 'ready') return;
      await sleep(50);
    }
  }

  async function checkAll(): Promise<void> {
    for (const sort of SORTS) {
      for (const filter of FILTERS) {
        const all = expected(filter, sort);
        const what = { filter, sort };
        const paged = await pageByPage(filter, sort, 41);
        expect({ ...what, ids: paged }).toEqual({ ...what, ids: all.slice(0, paged.length) });
        expect(paged.length).toBe(Math.min(all.length, 205));
        // Where the values end and the trials without one begin.
        const offset = Math.max(0, all.length - 60);
        const { body } = await master.post('/trials/search', {
          filter,
          sort,
          offset,
          limit: 100,
          fields: [],
        });
        const tail = body.items.map(({ id }: { id: number }) => id);
        expect({ ...what, tail }).toEqual({ ...what, tail: all.slice(offset) });
        expect(body.total).toEqual({ value: all.length, relation: 'eq' });
      }
    }
  }

  /** The experiments by their best matching trial, worked out from the trials in order. */
  function expectedExperiments(filter: object | undefined, sort: readonly object[]): readonly number[][] {
    const order = parseSort(parseJson(writeJson(sort)), NAMES);
    const byId = new Map(trials.map((trial) => [trial.id, trial]));
    const best = new Map<number, ReferenceTrial>();
    for (const id of expected(filter, sort)) {
      const experiment = 1 + (id % 30);
      if (!best.has(experiment)) best.set(experiment, byId.get(id)!);
    }
    return [...best]
      .toSorted(
        ([one, a], [other, b]) => compareBySort(order, { ...a, id: 0 }, { ...b, id: 0 }) || one - other,
      )
      .map(([experiment, trial]) => [experiment, trial.id]);
  }

  async function checkExperiments(): Promise<void> {
    for (const sort of SORTS.filter(([first]) => first !== undefined)) {
      for (const filter of FILTERS) {
        const all = expectedExperiments(filter, sort);
        const found: number[][] = [];
        for (let after: string | null = null; ;) {
          const request = { filter, sort, limit: 4, after, fields: [], count: 'none' };
          const { status, body } = await master.post('/experiments/search', request);
          expect(status).toBe(200);
          for (const { id, trial } of body.items) found.push([id, trial?.id]);
          after = body.next;
          if (after === null) break;
        }
        expect({ filter, sort, found: found.slice(0, all.length) }).toEqual({ filter, sort, found: all });
        // Without a filter, an experiment needs no trial; here each has one.
        expect(found).toHaveLength(all.length);
      }
    }
  }

  it('finds the same without indexes of fields as in memory', checkAll, 300_000);

  it('finds the same with indexes, whatever the field is called', async () => {
    for (const field of ['metadata.loss', 'batch', 'rare', `nested."a \\"b'\\\\c"`]) await buildIndex(field);
    await checkAll();
  }, 300_000);

  it('finds the same experiments by their best trials', checkExperiments, 300_000);

  it('finds values too large for an index', async () => {
    const large = { loss: 'z'.repeat(10_000), batch: 0 };
    const { body } = await master.put('/trials/10/metadata', { metadata: large });
    expect(body.revision).toBe(1);
    trials = trials.map((trial) => (trial.id === 10 ? { ...trial, metadata: parsed(large) } : trial));
    const sort = [{ field: 'metadata.loss', direction: 'desc' }];
    const all = expected(undefined, sort);
    const answer = await master.post('/trials/search', { sort, limit: 200, fields: [] });
    expect(answer.body.items.map(({ id }: { id: number }) => id)).toEqual(all.slice(0, 200));
    expect(all).toContain(10);
  });

  it('lists indexes with size and use, and drops them', async () => {
    const { body } = await master.get('/metadata/indexes');
    expect(body.indexes.map(({ field, state }: Record<string, unknown>) => [field, state])).toEqual([
      ['metadata.batch', 'ready'],
      ['metadata.loss', 'ready'],
      [`metadata.nested."a \\"b'\\\\c"`, 'ready'],
      ['metadata.rare', 'ready'],
    ]);
    expect(body.indexes[1].bytes).toBeGreaterThan(0);
    expect((await master.delete('/metadata/indexes/loss')).status).toBe(204);
    expect((await master.delete('/metadata/indexes/loss')).status).toBe(204);
    const left = (await master.get('/metadata/indexes')).body.indexes;
    expect(left).toHaveLength(3);
  });

  it('lets administrators alone manage indexes', async () => {
    const { status } = await master.as(undefined).get('/metadata/indexes');
    expect(status).toBe(401);
    const { body } = await master.post('/users', { name: 'viewer' });
    const token = (await master.post(`/users/${body.user.id}/tokens`, { name: 'test' })).body.token.secret;
    const answer = await master.as(token).put('/metadata/indexes/loss');
    expect([answer.status, answer.body.code]).toEqual([403, 'indexes_forbidden']);
  });
});
