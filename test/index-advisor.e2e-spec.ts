import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf, Filter, SearchRequest, SortKey } from 'nestjs-trial-metadata/client';
import pg from 'pg';
import { pino } from 'pino';
import { DataSource, type QueryRunner } from 'typeorm';
import { createApp, type MasterApp } from '../src/master/create-app.js';
import type { MasterOptions } from '../src/master/master.options.js';
import {
  EVERYTHING,
  FieldIndexesService,
  IndexAdvisor,
  parseJson,
  SearchTally,
  TrustedUser,
  writeJson,
} from '../src/metadata/index.js';
import { TrialSearchService } from '../src/experiments/index.js';
import { parseSearchBody } from '../src/experiments/search/search-request.js';
import { bootMaster, createTestDatabase, type TestDatabase, type TestMaster } from './support/index.js';

const TRIALS = 20_000;
/** Every search is slow, and nothing happens unless a test asks for it. */
const EAGER = { slowMs: 0, searches: 3, everySeconds: 86_400 };
const DAY = 24 * 60 * 60 * 1_000;

const LOAD = [
  `INSERT INTO projects (name, created_at) VALUES ('P', now())`,
  `INSERT INTO experiments (project_id, name) SELECT 1, 'E' || n FROM generate_series(1, 20) AS n`,
  `INSERT INTO trials (experiment_id) SELECT 1 + id % 20 FROM generate_series(1, ${TRIALS}) AS id`,
  `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
    SELECT id, jsonb_build_object('loss', (id * 7919) % ${TRIALS} / 8.0, 'score', (id * 104729) % ${TRIALS}, 'note', repeat('note ', 8) || id,
      'nested', jsonb_build_object('a.b', id % 100)), 1, now() FROM generate_series(1, ${TRIALS}) AS id`,
  'ANALYZE',
];

const sortedBy = (field: string, as: NonNullable<SortKey['as']> = 'json'): SearchRequest => ({
  sort: [{ field: `metadata.${field}`, direction: 'asc', as }],
  fields: [],
  count: 'none',
});

/** The plans of what the work reads. */
async function plansOf(dataSource: DataSource, work: () => Promise<void>): Promise<string> {
  const statements: { readonly text: string; readonly values: unknown[] }[] = [];
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const query = runner.query.bind(runner);
    runner.query = async (text: string, values: unknown[] = []): Promise<never> => {
      statements.push({ text, values });
      return (await query(text, values)) as never; // whatever the statement gives
    };
    return runner;
  };
  await work();
  dataSource.createQueryRunner = create;
  const plans: string[] = [];
  for (const { text, values } of statements) {
    if (!/^(?:SELECT|WITH)\b/.test(text) || !text.includes('trial_metadata')) continue;
    const rows: Record<string, string>[] = await dataSource.query(`EXPLAIN ${text}`, values);
    plans.push(...rows.map((row) => row['QUERY PLAN'] ?? ''));
  }
  return plans.join('\n');
}

describe('the index advisor', () => {
  let master: TestMaster | undefined;
  let lines: string[];

  async function boot(options: Partial<MasterOptions>): Promise<TestMaster> {
    lines = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    master = await bootMaster({ logger, ...options });
    for (const statement of LOAD) await master.dataSource.query(statement);
    return master;
  }

  afterEach(async () => {
    await master?.close();
    master = undefined;
  });

  const told = () =>
    lines
      .map((line) => JSON.parse(line) as { msg: string })
      .map(({ msg }) => msg)
      .filter((message) => message.includes('index of'));

  async function search(request: SearchRequest, times = 3): Promise<void> {
    for (let time = 0; time < times; time += 1) await master!.client.searchTrials(request);
  }

  const listed = (): Promise<AnswerOf<'listFieldIndexes'>> => master!.client.call('listFieldIndexes', {});

  async function indexNamed(field: string): Promise<void> {
    for (;;) {
      const { index } = await master!.client.call('createFieldIndex', { path: { field } });
      if (index.state === 'ready') return;
      await sleep(50);
    }
  }

  it('is off unless asked for, and then notes nothing', async () => {
    const { app } = await boot({ indexBudget: EAGER });
    await search(sortedBy('loss'));
    expect(await listed()).toEqual({ indexes: [], advisor: 'off', proposals: [] });
    const found = Promise.resolve('page');
    const indexes = await app.get(FieldIndexesService).current();
    expect(app.get(SearchTally).timed({ filter: EVERYTHING, sort: [] }, indexes, found)).toBe(found);
    await app.get(IndexAdvisor).look();
    expect(told()).toEqual([]);
  });

  it('proposes the fields that searches sort by or compare with bounds, and builds none', async () => {
    const { app } = await boot({ indexAdvisor: 'propose', indexBudget: EAGER });
    await search(sortedBy('loss'), 4);
    await search({ filter: { field: 'metadata.score', operator: 'gt', value: 19_990 } });
    const nested: Filter = { field: 'metadata.nested."a.b"', operator: 'between', value: [1, 2] };
    await master!.client.searchExperiments({ filter: { and: [nested] } });
    await search({ filter: nested }, 2);
    // What no index of a field serves, and what is too rare.
    await search(sortedBy('note', 'text'));
    await search({ filter: { not: { field: 'metadata.note', operator: 'gt', value: 'n' } } });
    await search({ sort: [{ field: 'trial.startTime', direction: 'asc' }] });
    await search(sortedBy('rare'), 2);
    const { indexes, advisor, proposals } = await listed();
    expect({ indexes, advisor }).toEqual({ indexes: [], advisor: 'propose' });
    expect(new Map(proposals.map((proposal) => [proposal.field, proposal]))).toEqual(
      new Map([
        [
          'metadata.loss',
          {
            field: 'metadata.loss',
            kind: 'values',
            searches: 4,
            slow: 4,
            medianMs: expect.any(Number),
            p95Ms: expect.any(Number),
            reason: 'It is sorted by; 4 of 4 searches took 0 ms or more.',
            request: 'PUT /metadata/indexes/loss',
          },
        ],
        [
          'metadata.score',
          expect.objectContaining({
            reason: 'It is compared with bounds; 3 of 3 searches took 0 ms or more.',
          }),
        ],
        [
          'metadata.nested."a.b"',
          expect.objectContaining({ searches: 3, request: 'PUT /metadata/indexes/nested.%22a.b%22' }),
        ],
      ]),
    );
    await app.get(IndexAdvisor).look();
    await app.get(IndexAdvisor).look();
    expect(told().sort()).toEqual([
      expect.stringMatching(/^An index of metadata\.loss would pay: PUT \/metadata\/indexes\/loss\. It is sorted by; [^\n]+\.$/), // prettier-ignore
      expect.stringMatching(/^An index of metadata\.nested\."a\.b" would pay/),
      expect.stringMatching(/^An index of metadata\.score would pay/),
    ]);
    const proposed = proposals.find(({ field }) => field === 'metadata.nested."a.b"');
    const [method = '', path = ''] = String(proposed?.request).split(' ');
    const answer = await master!.send(method, path);
    expect(answer.body.index.field).toBe('metadata.nested."a.b"');
    expect((await listed()).proposals).toHaveLength(2);
  });

  it('makes the index in the background, and the next search walks it', async () => {
    const { dataSource } = await boot({ indexAdvisor: 'build', indexBudget: { ...EAGER, everySeconds: 1 } });
    const body: SearchRequest = { ...sortedBy('loss'), count: 'none' };
    expect(await plansOf(dataSource, () => search(body, 1))).not.toMatch(/trial_metadata_field_/);
    await search(body, 2);
    const isMade = async () =>
      (await listed()).indexes.some(({ state, madeBy }) => state === 'ready' && madeBy === 'advisor');
    while (!(await isMade())) await sleep(50);
    const plans = await plansOf(dataSource, () => search(body, 1));
    expect(plans).toMatch(/Index Scan using trial_metadata_field_\w+/);
    expect(plans).not.toMatch(/Seq Scan on trial_metadata\b/);
    const filter: Filter = { field: 'metadata.loss', operator: 'lt', value: 2 };
    const bounds: SearchRequest = { filter, count: 'none' };
    expect(await plansOf(dataSource, () => search(bounds, 1))).toMatch(
      /Index Scan on trial_metadata_field_\w+/,
    );
    expect((await listed()).proposals).toEqual([]);
    expect(told()).toEqual([
      expect.stringMatching(/^The index of metadata\.loss was made in [\d.]+ s\. It is sorted by; [^\n]+\.$/),
    ]);
  });

  it('makes the index of texts that no other finds, and the next search looks them up', async () => {
    const { app, dataSource } = await boot({ indexAdvisor: 'build', indexBudget: EAGER });
    const filter: Filter = { field: 'metadata.note', operator: 'contains', value: 'zq' };
    const body: SearchRequest = { filter, count: 'none' };
    await search(body);
    expect((await listed()).proposals).toEqual([
      expect.objectContaining({
        field: 'metadata.note',
        kind: 'texts',
        reason: 'It is searched for texts; 3 of 3 searches took 0 ms or more.',
        request: 'PUT /metadata/indexes/note?kind=texts',
      }),
    ]);
    await app.get(IndexAdvisor).look();
    expect((await listed()).indexes).toEqual([
      expect.objectContaining({ field: 'metadata.note', kind: 'texts', state: 'ready', madeBy: 'advisor' }),
    ]);
    expect(await plansOf(dataSource, () => search(body, 1))).toMatch(
      /Bitmap Index Scan on trial_metadata_text_/,
    );
    expect(told()).toEqual([
      expect.stringMatching(
        /^The index of the texts of metadata\.note was made in [\d.]+ s\. It is searched/,
      ),
    ]);
  });

  it('keeps to the number of fields and to the bytes', async () => {
    const { app } = await boot({
      indexAdvisor: 'build',
      indexBudget: { ...EAGER, fields: 2, bytes: 4 * 1024 ** 2 },
    });
    const advisor = app.get(IndexAdvisor);
    const fields = ['loss', 'score', 'note', 'nested."a.b"'];
    for (let look = 0; look < 4; look += 1) {
      for (const field of fields) await search(sortedBy(field));
      await advisor.look();
      const { indexes } = await listed();
      expect(indexes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4 * 1024 ** 2);
    }
    const { indexes } = await listed();
    expect(indexes).toHaveLength(2);
    await master!.client.call('dropFieldIndex', { path: { field: 'score' } });
    // An administrator's does not count.
    await indexNamed('score');
    expect((await listed()).indexes.map(({ madeBy }) => madeBy)).toContain('administrator');
  });

  it('builds nothing that would need more bytes than are left, and says so once', async () => {
    const { app } = await boot({ indexAdvisor: 'build', indexBudget: { ...EAGER, bytes: 100_000 } });
    await search(sortedBy('note'));
    for (let look = 0; look < 2; look += 1) await app.get(IndexAdvisor).look();
    expect((await listed()).indexes).toEqual([]);
    expect(told()).toEqual([
      expect.stringMatching(/^The index of metadata\.note would have [12]\.\d MiB; 0\.1 MiB are left/),
    ]);
    await indexNamed('note');
    const [index] = (await listed()).indexes;
    // As estimated.
    expect(Number(index?.bytes) / 1024 ** 2).toBeGreaterThan(1);
    expect(Number(index?.bytes) / 1024 ** 2).toBeLessThan(3);
  });

  it('drops those of its own that nobody uses, and no other', async () => {
    const { app } = await boot({ indexAdvisor: 'build', indexBudget: EAGER });
    const advisor = app.get(IndexAdvisor);
    const inDays = (days: number) => new Date(Date.now() + days * DAY);
    await indexNamed('score');
    for (const field of ['loss', 'note', 'nested."a.b"']) {
      await search(sortedBy(field));
      await advisor.look();
    }
    await search({ filter: { field: 'metadata.note', operator: 'contains', value: 'zq' } });
    await advisor.look();
    const made = async () =>
      (await listed()).indexes.map(({ field, kind, madeBy }) => `${kind} of ${field} ${madeBy}`);
    expect(await made()).toEqual([
      'values of metadata.loss advisor',
      'values of metadata.nested."a.b" advisor',
      'values of metadata.note advisor',
      'texts of metadata.note advisor',
      'values of metadata.score administrator',
    ]);
    // What the administrator asks for is his.
    await indexNamed('note');
    await advisor.look(inDays(13));
    expect(await made()).toHaveLength(5);
    await advisor.look(inDays(14.1));
    expect(await made()).toEqual([
      'values of metadata.note administrator',
      'values of metadata.score administrator',
    ]);
    expect(told().slice(-3).sort()).toEqual([
      'The index of metadata.loss is dropped: nobody has used it for 14 days.',
      'The index of metadata.nested."a.b" is dropped: nobody has used it for 14 days.',
      'The index of the texts of metadata.note is dropped: nobody has used it for 14 days.',
    ]);
  });

  it('keeps one that the server has seen in use', async () => {
    const { app, dataSource } = await boot({ indexAdvisor: 'build', indexBudget: EAGER });
    const advisor = app.get(IndexAdvisor);
    await search(sortedBy('loss'));
    await advisor.look();
    const [{ name }] = await dataSource.query(
      `SELECT relname AS name FROM pg_class WHERE relname LIKE 'trial\\_metadata\\_field\\_%'`,
    );
    const note = (days: number) =>
      `COMMENT ON INDEX ${name} IS 'Made by the index advisor; last seen in use at ${new Date(Date.now() - days * DAY).toISOString()}, after 0 scans.'`;
    await dataSource.query(note(100));
    await search(sortedBy('loss'), 1);
    await scanned(name, dataSource);
    // A process that has not seen the search knows of it by the statistics.
    app.get(SearchTally)['used'].clear();
    await advisor.look();
    expect((await listed()).indexes).toHaveLength(1);
    const [{ comment }] = await dataSource.query(
      `SELECT obj_description('${name}'::regclass, 'pg_class') AS comment`,
    );
    expect(comment).toContain(`in use at ${new Date().toISOString().slice(0, 10)}`);
    await advisor.look(new Date(Date.now() + 15 * DAY));
    expect((await listed()).indexes).toEqual([]);
  });

  /** Waits until the server's statistics, which come late, know of a scan. */
  async function scanned(name: string, dataSource: DataSource): Promise<void> {
    const scans = async (): Promise<number> => {
      const [row] = await dataSource.query(
        `SELECT idx_scan::integer AS scans FROM pg_stat_all_indexes WHERE indexrelname = '${name}'`,
      );
      return row.scans;
    };
    while ((await scans()) === 0) await sleep(50);
  }

  describe('several masters of a database', () => {
    let database: TestDatabase;
    let masters: MasterApp[];

    beforeEach(async () => {
      database = await createTestDatabase();
      masters = [];
      for (let count = 0; count < 3; count += 1) {
        masters.push(
          await createApp({
            databaseUrl: database.url,
            adminToken: 'administrator-of-the-tests',
            poolSize: 5,
            logger: pino({ level: 'silent' }),
            indexAdvisor: 'build',
            indexBudget: { ...EAGER, fields: 1 },
          }),
        );
      }
      for (const statement of LOAD) await masters[0]!.app.get(DataSource).query(statement);
    });

    afterEach(async () => {
      for (const { close } of masters) await close(1000);
      await database.dispose();
    });

    async function searchThrice(app: MasterApp['app'], path: string): Promise<void> {
      const request = parseSearchBody(parseJson(writeJson({ sort: [{ field: `metadata.${path}` }] })));
      for (let time = 0; time < 3; time += 1) {
        await app.get(TrialSearchService).search(request, new TrustedUser('test'));
      }
    }

    it('build one index at a time, without getting into each other’s way', async () => {
      const user = new TrustedUser('test');
      const fields = ['loss', 'score', 'note'];
      const services = masters.map(({ app }) => app.get(FieldIndexesService));
      await Promise.all(services.map((service, index) => service.create(user, [fields[index]!])));
      const seen: { readonly building: number; readonly settled: boolean }[] = [];
      const settled = Promise.all(services.map((service) => service.settled())).then(() => true);
      do {
        const [{ building }] = await masters[0]!.app
          .get(DataSource)
          .query(
            'SELECT count(*)::integer AS building FROM pg_stat_progress_create_index WHERE datname = current_database()',
          );
        seen.push({ building, settled: await Promise.race([settled, sleep(1, false)]) });
      } while (seen.at(-1)?.settled === false);
      expect(Math.max(...seen.map(({ building }) => building))).toBe(1);
      const listed = await services[0]!.list(user);
      expect(listed.map(({ field, state }) => `${field} ${state}`)).toEqual([
        'metadata.loss ready',
        'metadata.note ready',
        'metadata.score ready',
      ]);
    });

    it('break the building of the advisor off when they end, and leave nothing of it', async () => {
      const [{ app, close }] = masters as [MasterApp];
      await searchThrice(app, 'loss');
      const writer = new pg.Client(database.url);
      const reader = new pg.Client(database.url);
      for (const client of [writer, reader]) await client.connect();
      const isBuilding = async () =>
        (await reader.query('SELECT FROM pg_stat_progress_create_index WHERE datname = current_database()'))
          .rows.length > 0;
      // While a writer does not end, neither does the building.
      await writer.query('BEGIN; LOCK TABLE trial_metadata IN ROW EXCLUSIVE MODE');
      const looked = app.get(IndexAdvisor).look();
      while (!(await isBuilding())) await sleep(20);
      const closed = close(1000);
      while (await isBuilding()) await sleep(20);
      await writer.query('ROLLBACK');
      await Promise.all([looked, closed]);
      masters.shift();
      const { rows } = await reader.query(
        `SELECT relname FROM pg_class WHERE relname ~ '^trial_metadata_(field|large|text)_[0-9a-f]+$'`,
      );
      expect(rows).toEqual([]);
      for (const client of [writer, reader]) await client.end();
    });

    it('keep to one budget', async () => {
      const fields = ['loss', 'score', 'note'];
      for (const [index, { app }] of masters.entries()) {
        await searchThrice(app, fields[index]!);
      }
      await Promise.all(masters.map(({ app }) => app.get(IndexAdvisor).look()));
      const found = await masters[0]!.app.get(FieldIndexesService).found();
      expect(found).toHaveLength(1);
    });
  });
});
