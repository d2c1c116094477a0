import { setTimeout as sleep } from 'node:timers/promises';
import type { Condition, Filter, SortKey } from 'nestjs-trial-metadata/client';
import type { QueryRunner } from 'typeorm';
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
        ['experiment.id', parseJson(String(1 + (Number(id) % 30)))],
        ...(start === null ? [] : [['trial.startTime', start.toISOString()] as const]),
      ]),
    }));
  });

  afterAll(() => master.close());

  const SORTS: readonly (readonly SortKey[])[] = [
    [],
    [{ field: 'trial.id', direction: 'desc' }],
    [{ field: 'trial.id', direction: 'desc', as: 'text' }],
    [{ field: 'trial.id', direction: 'asc', as: 'number' }],
    [{ field: 'trial.startTime', direction: 'desc' }],
    ...(['asc', 'desc'] as const).flatMap((direction): SortKey[][] => [
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
  const FILTERS: readonly Filter[] = [
    {},
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
    // One in fifty: a first walk finds some of a page, and a longer one the rest.
    condition(`nested."a \\"b'\\\\c"`, 'is', 7),
    { not: condition('note', 'contains', 'usual') },
    { and: [condition('gpu', 'is', 'A100'), { field: 'experiment.id', operator: 'lte', value: 2 }] },
    condition('note', 'isMissing'),
  ];

  function condition(path: string, operator: Condition['operator'], value?: unknown): Filter {
    return { field: `metadata.${path}`, operator, ...(value === undefined ? {} : { value }) };
  }

  function expected(filter: Filter, sort: readonly SortKey[]): readonly number[] {
    const parsed = parseFilter(parseJson(writeJson(filter)), NAMES);
    const order = parseSort(parseJson(writeJson(sort)), NAMES);
    return trials
      .filter((trial) => evaluateFilter(parsed, trial))
      .toSorted((a, b) => compareBySort(order, a, b))
      .map(({ id }) => id);
  }

  async function pageByPage(filter: Filter, sort: readonly SortKey[], limit: number): Promise<number[]> {
    const ids: number[] = [];
    for await (const { id } of master.client.eachTrial({ filter, sort, limit, fields: [] })) {
      ids.push(id);
      // Far enough to see the turns; the tail is seen by asking from its beginning.
      if (ids.length >= 5 * limit) break;
    }
    return ids;
  }

  async function buildIndex(field: string): Promise<void> {
    for (;;) {
      const { index } = await master.client.call('createFieldIndex', { path: { field } });
      if (index.state === 'ready') return;
      await sleep(50);
    }
  }

  async function checkAll(filters = FILTERS): Promise<void> {
    for (const sort of SORTS) {
      for (const filter of filters) {
        const all = expected(filter, sort);
        const what = { filter, sort };
        const paged = await pageByPage(filter, sort, 41);
        expect({ ...what, ids: paged }).toEqual({ ...what, ids: all.slice(0, paged.length) });
        expect(paged.length).toBe(Math.min(all.length, 205));
        // Where the values end and the trials without one begin.
        const offset = Math.max(0, all.length - 60);
        const request = { filter, sort, offset, limit: 100, fields: [] };
        const { items, total } = await master.client.searchTrials(request);
        const tail = items.map(({ id }) => id);
        expect({ ...what, tail }).toEqual({ ...what, tail: all.slice(offset) });
        expect(total).toEqual({ value: all.length, relation: 'eq' });
      }
    }
  }

  /** The experiments by their best matching trial, worked out from the trials in order. */
  function expectedExperiments(filter: Filter, sort: readonly SortKey[]): readonly number[][] {
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
        const found: (number | undefined)[][] = [];
        const pages = master.client.eachExperiment({ filter, sort, limit: 4, fields: [] });
        for await (const { id, trial } of pages) found.push([id, trial?.id]);
        expect({ filter, sort, found: found.slice(0, all.length) }).toEqual({ filter, sort, found: all });
        // Without a filter, an experiment needs no trial; here each has one.
        expect(found).toHaveLength(all.length);
      }
    }
  }

  it('finds the same without indexes of fields as in memory', () => checkAll(), 300_000);

  it('finds the same with indexes, whatever the field is called', async () => {
    for (const field of ['metadata.loss', 'batch', 'rare', `nested."a \\"b'\\\\c"`]) await buildIndex(field);
    await checkAll();
  }, 300_000);

  it('shows a trial once that a report moves on while its page is found', async () => {
    await buildIndex('metadata.loss');
    const filter = condition(`nested."a \\"b'\\\\c"`, 'is', 7);
    const sort = [{ field: 'metadata.loss', direction: 'asc' }] as const;
    const search = { filter, sort, limit: 40, fields: ['metadata.loss'], count: 'none' } as const;
    const find = async () => (await master.client.searchTrials(search)).items;
    const before = await find();
    // A page of two statements: the first trial moves to the page's middle behind the one, and before the other.
    const [moving, middle] = [before[0]!, before[30]!];
    const lossOf = (item: (typeof before)[number]) => (item.metadata as { loss: number }).loss;
    const { dataSource } = master;
    const create = dataSource.createQueryRunner.bind(dataSource);
    let walks = 0;
    dataSource.createQueryRunner = (mode): QueryRunner => {
      const runner = create(mode);
      const query = runner.query.bind(runner);
      runner.query = async (text: string, ...others: unknown[]): Promise<never> => {
        const rows: unknown = await query(text, ...(others as [unknown[]]));
        const statement: unknown = text; // a prepared one is an object in truth
        const isWalk = String(statement).includes('"key_0"');
        if (isWalk && (walks += 1) === 1) {
          dataSource.createQueryRunner = create;
          await master.client.reportMetadata(moving.id, { loss: lossOf(middle) + 0.001 });
        }
        return rows as never; // whatever the statement gives
      };
      return runner;
    };
    const during = (await find()).map(({ id }) => id);
    expect(walks).toBe(2);
    expect(during).toEqual(before.map(({ id }) => id));
    const after = (await find()).map(({ id }) => id);
    expect(after.indexOf(moving.id)).toBe(30);
    await master.client.reportMetadata(moving.id, { loss: lossOf(moving) });
  });

  it('finds the same experiments by their best trials', checkExperiments, 300_000);

  it('finds values too large for an index', async () => {
    const large = { loss: 'z'.repeat(10_000), batch: 0 };
    expect((await master.client.setMetadata(10, large)).revision).toBe(1);
    trials = trials.map((trial) => (trial.id === 10 ? { ...trial, metadata: parsed(large) } : trial));
    const sort = [{ field: 'metadata.loss', direction: 'desc' } as const];
    const all = expected({}, sort);
    const { items } = await master.client.searchTrials({ sort, limit: 200, fields: [] });
    expect(items.map(({ id }) => id)).toEqual(all.slice(0, 200));
    expect(all).toContain(10);
  });

  it('finds what is missing where next to every trial has metadata, and where every one has', async () => {
    const missing = [
      condition('note', 'isMissing'),
      condition('gpu', 'isMissing'),
      { not: condition('note', 'contains', 'usual') },
      { or: [condition('rare', 'is', 601), condition('batch', 'isEmpty')] },
    ];
    for (const without of [[30, 2_990], []]) {
      trials = trials.map((trial) =>
        without.includes(trial.id) || trial.metadata !== undefined
          ? trial
          : { ...trial, metadata: parsed(documentOf(trial.id)) },
      );
      const documents = trials.filter(({ id }) => !without.includes(id));
      await master.dataSource.query(
        `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
         SELECT id, document, 1, now() FROM unnest($1::bigint[], $2::jsonb[]) AS d (id, document) ON CONFLICT DO NOTHING`,
        [documents.map(({ id }) => id), documents.map(({ metadata }) => writeJson(metadata))],
      );
      expect(expected({ field: 'metadata.batch', operator: 'isMissing' }, [])).toHaveLength(without.length);
      await checkAll(missing);
    }
  }, 300_000);

  it('lists indexes with size and use, and drops them', async () => {
    const list = async () => (await master.client.call('listFieldIndexes', {})).indexes;
    const indexes = await list();
    expect(indexes.map(({ field, state }) => [field, state])).toEqual([
      ['metadata.batch', 'ready'],
      ['metadata.loss', 'ready'],
      [`metadata.nested."a \\"b'\\\\c"`, 'ready'],
      ['metadata.rare', 'ready'],
    ]);
    expect(indexes[1]?.bytes).toBeGreaterThan(0);
    for (let time = 0; time < 2; time += 1) {
      await master.client.call('dropFieldIndex', { path: { field: 'loss' } });
    }
    expect(await list()).toHaveLength(3);
  });

  it('lets administrators alone manage indexes', async () => {
    const asNobody = master.as(undefined).client.call('listFieldIndexes', {});
    await expect(asNobody).rejects.toMatchObject({ status: 401 });
    const { body } = await master.post('/users', { name: 'viewer' });
    const token = (await master.post(`/users/${body.user.id}/tokens`, { name: 'test' })).body.token.secret;
    const asViewer = master.as(token).client.call('createFieldIndex', { path: { field: 'loss' } });
    await expect(asViewer).rejects.toMatchObject({ status: 403, code: 'indexes_forbidden' });
  });
});
