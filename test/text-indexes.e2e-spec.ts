import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf, Filter } from 'nestjs-trial-metadata/client';
import {
  columnCatalog,
  DEFAULT_QUERY_LIMITS,
  FieldIndexesService,
  formatPath,
  identifier,
  lookUp,
  parseFilter,
  parseJson,
  sql,
  type Path,
} from '../src/metadata/index.js';
import { bootMaster, type TestMaster } from './support/index.js';
import { bootTinyHost } from './support/tiny-host.js';

/** Texts with what means something to JSON, to patterns, to `decode` or to nobody. */
const TEXTS = [
  'plain zq text',
  'ZQ',
  'źródło danych',
  'ŹRÓDŁO',
  'ΟΔΟΣ',
  'οδός',
  'نموذج',
  '模型',
  '🚀 launch',
  'a\\b',
  'a\\\\b',
  '\\x41',
  '\\101',
  'say "hi"',
  '50%_off',
  'a_b-c d',
  'azb-c d',
  'bert-base v1.5/x',
  "it's",
  'tab\tnewline\n',
  'İstanbul',
  'straße',
  'STRASSE',
  // Of which an index is asked for the beginning: 24 bytes end on a backslash, a quotation mark, within an emoji.
  'źródło danych nr 1 a\\b c',
  'źródło danych nr 1 ab" c',
  'źródło danych nr 1 🚀🚀',
  '',
];
const OTHERS: readonly unknown[] = [17, 17.5, true, null, [170, 'zq'], { zq: 'key', deep: { er: 'x17y' } }];
const OPERANDS: readonly unknown[] = [
  ...['zq', 'Zq', 'źr', 'ŹRÓDŁO', 'ó', 'οδοσ', 'ΟΔΌΣ', 'نم', '型', '🚀', 'a\\b', '\\\\', '\\x4', '\\1', '"h', '%_', "t's", '\t'],
  ...['50%_off', 'a_b-c', 'b-C d', 'BERT-base v1.5/x', 'base v1', '1.5/X', 'bert base'],
  ...['ŹRÓDŁO danych nr 1 a\\b C', 'źródło danych nr 1 AB" c', 'ródło danych nr 1 🚀🚀', 'źródło danych nr 1 x'],
  ...['\n', 'i̇s', 'İS', 'ßE', 'ss', '17', '1', '.5', 'tru', 'nul', 'xt', 'plain zq', ''],
  ...[17, 170, true, 17.5],
]; // prettier-ignore
/** Names of fields with what means something to SQL, to the catalog's text or to a path. */
const PATHS: readonly Path[] = [['note'], ['it\'s "so"', 'a.b'], ["\\ -> 'x'::text"]];

describe('an index of the texts of a field', () => {
  let master: TestMaster;

  beforeAll(async () => {
    master = await bootMaster({});
    const { body } = await master.post('/projects', { name: 'P' });
    const made = await master.post('/experiments', { name: 'E', projectId: body.project.id });
    for (const value of [...TEXTS, ...OTHERS]) {
      const { body } = await master.post(`/experiments/${made.body.experiment.id}/trials`, {});
      const metadata = {
        note: value,
        'it\'s "so"': { 'a.b': value },
        "\\ -> 'x'::text": value,
        other: 'zq 🚀',
      };
      await master.post(`/trials/${body.trial.id}/metadata`, { metadata });
    }
    // So many newer ones that a search goes beyond the first of its order.
    await master.dataSource.query(
      `WITH made AS (INSERT INTO trials (experiment_id) SELECT 1 FROM generate_series(1, 3000) RETURNING id)
       INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at) SELECT id, '{"note": 0}', 1, now() FROM made`,
    );
    await master.dataSource.query('ANALYZE');
  });

  afterAll(() => master.close());

  const listed = async () => (await master.client.call('listFieldIndexes', {})).indexes;

  async function build(
    field: string,
    kind: 'values' | 'texts',
  ): Promise<AnswerOf<'createFieldIndex'>['index']> {
    for (;;) {
      const { index } = await master.client.call('createFieldIndex', { path: { field }, query: { kind } });
      if (index.state === 'ready') return index;
      await sleep(50);
    }
  }

  /** What the index gives for each filter, when PostgreSQL may not read the documents; undefined where it is not asked. */
  async function givenByIndex(
    filters: readonly Filter[],
  ): Promise<readonly (ReadonlySet<number> | undefined)[]> {
    const indexes = await master.app.get(FieldIndexesService).current();
    const runner = master.dataSource.createQueryRunner();
    const sets: (ReadonlySet<number> | undefined)[] = [];
    try {
      await runner.query('SET enable_seqscan = off; SET enable_indexscan = off');
      for (const filter of filters) {
        const names = { columns: columnCatalog([]), limits: DEFAULT_QUERY_LIMITS };
        const parsed = parseFilter(parseJson(JSON.stringify(filter)), names);
        const condition = lookUp(parsed, identifier('metadata'), { ...indexes, texts: false });
        if (condition === undefined) {
          sets.push(undefined);
          continue;
        }
        const { text, values } =
          sql`SELECT trial_id::integer AS id FROM trial_metadata WHERE ${condition}`.toPositional();
        const plan: readonly { 'QUERY PLAN': string }[] = await runner.query(`EXPLAIN ${text}`, [...values]);
        expect(JSON.stringify(plan)).toContain('Bitmap Index Scan on trial_metadata_text_');
        const rows: readonly { id: number }[] = await runner.query(text, [...values]);
        sets.push(new Set(rows.map(({ id }) => id)));
      }
    } finally {
      await runner.query('RESET enable_seqscan; RESET enable_indexscan');
      await runner.release();
    }
    return sets;
  }

  async function found(filter: Filter): Promise<readonly number[]> {
    const { items } = await master.client.searchTrials({ filter, limit: 200, fields: [], count: 'none' });
    return items.map(({ id }) => id);
  }

  it.each(PATHS.map((path) => [formatPath(path), path] as const))(
    'finds in %s what is found without it, whatever the text',
    async (field) => {
      const filters = ['contains', 'startsWith'].flatMap((operator) =>
        OPERANDS.filter((value) => operator === 'contains' || typeof value === 'string').map(
          (value) => ({ field: `metadata.${field}`, operator, value }) as Filter,
        ),
      );
      const before: (readonly number[])[] = [];
      for (const filter of filters) before.push(await found(filter));
      expect(before.filter((ids) => ids.length > 0).length).toBeGreaterThan(filters.length / 2);
      const index = await build(field, 'texts');
      expect(index).toMatchObject({ field: `metadata.${field}`, kind: 'texts', madeBy: 'administrator' });
      const given = await givenByIndex(filters);
      expect(given.filter((ids) => ids !== undefined).length).toBeGreaterThan(filters.length * 0.8);
      for (const [place, filter] of filters.entries()) {
        const missed = given[place] && before[place]?.filter((id) => given[place]?.has(id) !== true);
        expect({ filter, ids: await found(filter), missed: missed ?? [] }).toEqual({
          filter,
          ids: before[place],
          missed: [],
        });
      }
    },
  );

  it('is listed beside that of values, and dropped without it', async () => {
    for (const kind of ['values', 'texts'] as const) await build('note', kind);
    const kinds = async () =>
      (await listed())
        .filter(({ field }) => field === 'metadata.note')
        .map(({ kind, state }) => `${kind} ${state}`);
    expect(await kinds()).toEqual(['values ready', 'texts ready']);
    await master.client.call('dropFieldIndex', { path: { field: 'note' }, query: { kind: 'texts' } });
    expect(await kinds()).toEqual(['values ready']);
    await master.client.call('dropFieldIndex', { path: { field: 'note' } });
    expect(await kinds()).toEqual([]);
  });

  it.each(['PUT', 'DELETE'])('%s of an unknown kind is refused, with every other fault', async (method) => {
    const { status, body } = await master.send(method, '/metadata/indexes/a..b?kind=text');
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      expect.objectContaining({ path: 'field' }),
      {
        path: 'kind',
        code: 'unknown_kind',
        message: 'There is no index of kind "text"; kinds are values and texts.',
      },
    ]);
    const twice = await master.send(method, '/metadata/indexes/note?kind=texts&kind=values');
    expect(twice.body.errors).toEqual([expect.objectContaining({ code: 'duplicate_parameter' })]);
    expect(await listed()).not.toContainEqual(expect.objectContaining({ field: 'metadata.note' }));
  });
});

describe('a host that names fields in indexedTexts', () => {
  it('has their indexes from the start', async () => {
    const host = await bootTinyHost({
      module: { indexedTexts: ['note', 'hardware.gpu'], indexedFields: ['note'] },
    });
    try {
      const ready = async () => {
        const { body } = await host.get('/metadata/indexes');
        return (body.indexes as readonly { field: string; kind: string; state: string }[])
          .filter(({ state }) => state === 'ready')
          .map(({ field, kind }) => `${field} ${kind}`);
      };
      while ((await ready()).length < 3) await sleep(50);
      expect(await ready()).toEqual([
        'metadata.hardware.gpu texts',
        'metadata.note values',
        'metadata.note texts',
      ]);
    } finally {
      await host.close();
    }
  });
});

describe('a server without pg_trgm', () => {
  it('refuses the index of texts, and says what to do', async () => {
    const master = await bootMaster({ indexAdvisor: 'propose', indexBudget: { slowMs: 0, searches: 1 } });
    try {
      const filter = { field: 'metadata.note', operator: 'contains', value: 'zq' } as const;
      await master.client.searchTrials({ filter, sort: [{ field: 'metadata.loss', direction: 'asc' }] });
      const proposed = async () => (await master.client.call('listFieldIndexes', {})).proposals;
      expect((await proposed()).map(({ field, kind }) => `${kind} of ${field}`)).toEqual([
        'texts of metadata.note',
      ]);
      await master.dataSource.query('DROP EXTENSION pg_trgm CASCADE');
      expect(await proposed()).toEqual([]);
      const { status, body } = await master.send('PUT', '/metadata/indexes/note?kind=texts');
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'text_indexes_unavailable',
        detail: expect.stringContaining('run CREATE EXTENSION pg_trgm, and ask again'),
      });
      expect((await master.get('/metadata/indexes')).body.indexes).toEqual([]);
    } finally {
      await master.close();
    }
  });
});
