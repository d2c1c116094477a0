import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import fc from 'fast-check';
import type { ValuesQuery } from 'nestjs-trial-metadata/client';
import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import {
  allowAll,
  columnCatalog,
  EVERYTHING,
  FieldCounter,
  FieldValuesService,
  MetadataBatchService,
  MetadataModule,
  metadataMigrations,
  MetadataService,
  parseJson,
  RevisionNotFoundError,
  sql,
  SummaryBuilder,
  trustedSql,
  TrialMetadata,
  TrialNotFoundError,
  TrustedUser,
  type Filter,
  type MetadataOptions,
  type SummarySubject,
  type TrialSource,
} from '../src/metadata/index.js';
import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';
import { createTestDatabase, type TestDatabase } from './support/index.js';

class CreateTrials1700000000000 implements MigrationInterface {
  readonly name = 'CreateTrials1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE trials (id bigint PRIMARY KEY, project text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trials');
  }
}

const TRIALS: TrialSource = {
  from: sql`"trials" AS "trial"`,
  trialId: sql`"trial"."id"`,
  joins: [],
  columns: columnCatalog([]),
  scope: { name: 'project', type: 'text', sql: sql`"trial"."project"`, item: 'project', owner: 'trial' },
};
const TABLE = { table: 'trials' };
const ME = new TrustedUser('tester');
/** Trials that have metadata at the start, and as many that have none. */
const COUNT = 24;
/** More of them by hand, e.g. `VALUE_SUMMARY_RUNS=200 VALUE_SUMMARY_SEED=5`. */
const RUNS = Number(process.env['VALUE_SUMMARY_RUNS'] ?? 10);
const SEED = Number(process.env['VALUE_SUMMARY_SEED'] ?? 7);
const SUMMARY_VALUES = 6;
const PATHS = [['a'], ['n', 'b'], ['0']];
const SCOPES = [undefined, 'one', 'two'];
const SUBJECTS: readonly SummarySubject[] = PATHS.flatMap((path) => SCOPES.map((scope) => ({ path, scope })));
/** Meets every trial, as no filter does, and is answered from the documents. */
const ALL_READ: Filter = { kind: 'or', filters: [EVERYTHING] };

class Host {
  readonly metadata: MetadataService;
  readonly batches: MetadataBatchService;
  readonly values: FieldValuesService;
  readonly counter: FieldCounter;
  readonly builder: SummaryBuilder;
  readonly dataSource: DataSource;

  private constructor(readonly app: INestApplicationContext) {
    this.metadata = app.get(MetadataService);
    this.batches = app.get(MetadataBatchService);
    this.values = app.get(FieldValuesService);
    this.counter = app.get(FieldCounter);
    this.builder = app.get(SummaryBuilder);
    this.dataSource = app.get(DataSource);
  }

  static async boot(url: string, options: MetadataOptions = {}): Promise<Host> {
    @Module({
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url,
          entities: [TrialMetadata],
          migrations: [CreateTrials1700000000000, ...metadataMigrations({ trial: TABLE })],
          migrationsRun: true,
          retryAttempts: 0,
          poolSize: 20,
        }),
        MetadataModule.forRoot({
          trial: TABLE,
          access: allowAll,
          source: TRIALS,
          controllers: false,
          valueSummaries: { fromTrials: 1, values: SUMMARY_VALUES },
          cursorSecret: 'the secret of the tests',
          statementTimeout: 2_000,
          ...options,
        }),
      ],
    })
    class HostModule {}
    const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
    return new Host(await testing.init());
  }

  async refill(): Promise<void> {
    await this.counter.exclusively(async (manager) => {
      await manager.query(
        'TRUNCATE trials, trial_metadata, trial_metadata_history, trial_metadata_uncounted, trial_metadata_summaries, trial_metadata_summary_values',
      );
      await manager.query('DELETE FROM trial_metadata_fields');
      await manager.query(
        `INSERT INTO trials SELECT id, CASE WHEN id % 3 = 0 THEN 'two' ELSE 'one' END FROM generate_series(1, $1::integer) AS id`,
        [2 * COUNT],
      );
    });
    const reports = Array.from({ length: COUNT }, (_, index) => ({
      trialId: index + 1,
      metadata: parseJson(`{"a": ${SCALARS[index % 11]}, "n": {"b": ${SCALARS[index % 9]}}, "0": ${index}}`),
    }));
    await this.batches.batch(ME, reports as never);
  }

  /** All values of a subject, page by page. */
  async list(
    { path, scope }: SummarySubject,
    limit: number,
    filter: Filter = EVERYTHING,
  ): Promise<readonly string[]> {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await this.values.list(
        { field: { kind: 'metadata', path }, filter, scope, search: undefined, limit, after },
        ME,
      );
      found.push(...page.items.map(({ value, count }) => `${count} × ${plain(value.text)}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return found;
  }

  /** The answers from summaries against those from the documents. @returns how many of the summaries were ready */
  async check(): Promise<number> {
    await this.counter.count();
    for (const subject of SUBJECTS) {
      const expected = await this.list(subject, 200, ALL_READ);
      expect({ subject, values: await this.list(subject, 200) }).toEqual({ subject, values: expected });
      expect({ subject, values: await this.list(subject, 4) }).toEqual({ subject, values: expected });
    }
    // What a summary lists is the beginning of the answer, up to the place that it says; or all of it.
    const ready = await this.dataSource.query<Listed[]>(
      `SELECT scope, path, complete, last_trials || ' × ' || last_value AS last, ARRAY(
          SELECT trials || ' × ' || value FROM trial_metadata_summary_values AS v
           WHERE v.summary = s.summary AND listed ORDER BY trials DESC, value) AS listed
         FROM trial_metadata_summaries AS s WHERE ready`,
    );
    for (const { scope, path, complete, last, listed } of ready) {
      const expected = await this.list({ scope: scope ?? undefined, path }, 200, ALL_READ);
      const values = listed.map(plainLine);
      expect(values).toEqual(complete ? expected : expected.slice(0, values.length));
      expect(values.length).toBeLessThanOrEqual(SUMMARY_VALUES);
      const next = expected[values.length];
      if (!complete && last !== null && next !== undefined) {
        const [isBehind] = await this.dataSource.query<{ behind: boolean }[]>(
          `SELECT $1::bigint < $3 OR ($1::bigint = $3 AND $2::jsonb > $4::jsonb) AS behind`,
          [...next.split(' × '), ...last.split(' × ')],
        );
        expect({ next, last, ...isBehind }).toEqual({ next, last, behind: true });
      }
    }
    const [unlisted] = await this.dataSource.query<{ count: string }[]>(
      'SELECT count(*) FROM trial_metadata_summary_values JOIN trial_metadata_summaries USING (summary) WHERE ready AND NOT listed',
    );
    expect(unlisted?.count).toBe('0');
    return ready.length;
  }

  knownFields(): Promise<readonly unknown[]> {
    return this.dataSource.query(
      'SELECT scope, path, type, trials FROM trial_metadata_fields WHERE trials <> 0 ORDER BY 1, 2, 3',
    );
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

interface Listed {
  readonly scope: string | null;
  readonly path: readonly string[];
  readonly complete: boolean;
  readonly last: string | null;
  readonly listed: readonly string[];
}

/** Numbers of one value are one value, whichever of its texts an answer has. */
function plain(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

function plainLine(line: string): string {
  const [count = '', ...value] = line.split(' × ');
  return `${count} × ${plain(value.join(' × '))}`;
}

const SCALARS = ['1', '1.0', '"x"', 'null', 'true', '"1"', '2', '"ä"', '""', '-0.5', 'false', '"x y"', '3e2'];
const OTHERS = ['[]', '{}', '[1]', '{"c": 1}', `"${'long '.repeat(300)}"`];

const anyValue = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...SCALARS) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHERS) },
);
const anyDocument = fc
  .record(
    {
      a: anyValue,
      n: fc.oneof(
        { weight: 8, arbitrary: anyValue.map((value) => `{"b": ${value}}`) },
        { weight: 1, arbitrary: anyValue },
      ),
      '0': anyValue,
    },
    { requiredKeys: [] },
  )
  .map(
    (keys) =>
      `{${Object.entries(keys)
        .map(([key, value]) => `"${key}": ${value}`)
        .join(', ')}}`,
  );
const anyTrial = fc.integer({ min: 1, max: 2 * COUNT });
const anyTrials = fc.uniqueArray(anyTrial, { minLength: 1, maxLength: 5 });

type Step =
  | { readonly kind: 'report' | 'set' | 'patch'; readonly trial: number; readonly text: string }
  | { readonly kind: 'clear' | 'revert'; readonly trial: number }
  | { readonly kind: 'batch'; readonly trials: readonly number[]; readonly text: string }
  | { readonly kind: 'move'; readonly trials: readonly number[]; readonly scope: string }
  | { readonly kind: 'delete'; readonly trials: readonly number[] }
  | { readonly kind: 'make'; readonly subject: SummarySubject }
  | { readonly kind: 'count' | 'check' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('report', 'set', 'patch'),
      trial: anyTrial,
      text: anyDocument,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('clear', 'revert'), trial: anyTrial }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('batch'), trials: anyTrials, text: anyDocument }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('move'),
      trials: anyTrials,
      scope: fc.constantFrom('one', 'two'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), trials: anyTrials }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('make'), subject: fc.constantFrom(...SUBJECTS) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'count' } as const) },
);

async function take(host: Host, step: Step): Promise<void> {
  const { metadata, batches, counter, builder, dataSource } = host;
  const document = (text: string) => parseJson(text) as object;
  const selected = (trials: readonly number[]) =>
    trustedSql(`SELECT unnest(ARRAY[${trials.join()}]::bigint[])`);
  switch (step.kind) {
    case 'report':
    case 'set':
    case 'patch':
      await metadata[step.kind](ME, step.trial, document(step.text)).catch(ifGone);
      break;
    case 'clear':
      await metadata.clear(ME, step.trial).catch(ifGone);
      break;
    case 'revert':
      await metadata.revert(ME, step.trial, 1).catch(ifGone);
      break;
    case 'batch': {
      const reports = step.trials.map((trialId) => ({ trialId, metadata: document(step.text) }));
      await batches.batch(ME, reports as never).catch(ifGone);
      break;
    }
    case 'move':
      await dataSource.transaction((manager) =>
        counter.move(manager, selected(step.trials), async () => {
          await manager.query('UPDATE trials SET project = $1 WHERE id = ANY ($2)', [
            step.scope,
            step.trials,
          ]);
        }),
      );
      break;
    case 'delete':
      await dataSource.transaction(async (manager) => {
        await counter.forget(manager, selected(step.trials));
        await manager.query('DELETE FROM trials WHERE id = ANY ($1)', [step.trials]);
      });
      break;
    case 'make':
      await builder.make(step.subject);
      break;
    case 'count':
      await counter.count();
      break;
    case 'check':
      await host.check();
      break;
  }
}

/** The trial was deleted, or has no first revision to go back to. */
function ifGone(error: unknown): void {
  if (!(error instanceof TrialNotFoundError || error instanceof RevisionNotFoundError)) throw error;
}

describe('summaries of values', () => {
  let database: TestDatabase;
  let host: Host;
  /** Another process on the same database. */
  let other: Host;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    host = await Host.boot(database.url);
    other = await Host.boot(database.url);
  });

  afterAll(async () => {
    await other.close();
    await host.close();
    await database.dispose();
  });

  const makeAll = async () => {
    for (const subject of SUBJECTS) await host.builder.make(subject);
  };

  it('answer as the documents do, whatever is written, moved and deleted in between', async () => {
    let ready = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
        await host.refill();
        await makeAll();
        for (const step of steps) await take(host, step);
        ready += await host.check();
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(ready).toBeGreaterThan(RUNS);
  }, 180_000);

  it('are right when they are made while others write', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
        await host.refill();
        const makings = await Promise.all([
          ...SUBJECTS.map((subject) => host.builder.make(subject)),
          ...SUBJECTS.map((subject) => other.builder.make(subject)),
          ...[0, 1, 2, 3].map(async (lane) => {
            for (const step of steps.filter((_, index) => index % 4 === lane)) {
              // Two that move and write the same trials may meet in a deadlock, which is theirs to repeat.
              await take(lane % 2 === 0 ? host : other, step).catch((error: unknown) => {
                if (!/deadlock/.test(String(error))) throw error;
              });
            }
            return undefined;
          }),
        ]);
        made += makings.filter((making) => making === 'made').length;
        await host.check();
        const fields = await host.knownFields();
        await host.counter.recount();
        expect(fields).toEqual(await host.knownFields());
      }),
      { numRuns: Math.ceil(RUNS / 2), seed: SEED, endOnFailure: true },
    );
    expect(made).toBeGreaterThan(RUNS);
  }, 180_000);
});

describe('summaries of the values of one field', () => {
  const subject: SummarySubject = { path: ['a'], scope: undefined };
  let database: TestDatabase;
  /** One for each test, which nobody has asked for anything before. */
  let host: Host;
  let locker: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    const first = await Host.boot(database.url);
    await first.close();
    locker = new pg.Client({ connectionString: database.url });
    await locker.connect();
  });

  afterAll(async () => {
    await locker.end();
    await database.dispose();
  });

  beforeEach(async () => {
    host = await Host.boot(database.url);
    await host.refill();
  });

  afterEach(() => host.close());

  /** What the host answers while no document can be read. */
  async function withoutDocuments<T>(work: () => Promise<T>): Promise<T> {
    await host.counter.count();
    await locker.query('BEGIN; LOCK TABLE trial_metadata IN ACCESS EXCLUSIVE MODE');
    try {
      return await work();
    } finally {
      await locker.query('ROLLBACK');
    }
  }

  const page = (on: Host, limit: number, after?: string, search?: string) =>
    on.values.list(
      {
        field: { kind: 'metadata', path: ['a'] },
        filter: EVERYTHING,
        scope: undefined,
        search,
        limit,
        after,
      },
      ME,
    );
  const linesOf = ({ items }: Awaited<ReturnType<typeof page>>) =>
    items.map(({ value, count }) => `${count} × ${plain(value.text)}`);
  const summaries = async () =>
    Number(await one('SELECT count(*) FROM trial_metadata_summaries WHERE ready'));
  const one = async (query: string): Promise<unknown> => {
    const [row] = await host.dataSource.query<Record<string, unknown>[]>(query);
    return Object.values(row ?? {})[0];
  };

  it('answer without reading a document; behind what is listed the documents are read', async () => {
    expect(await host.builder.make(subject)).toBe('made');
    expect(await host.builder.make(subject)).toBe('there');
    const expected = await host.list(subject, 200, ALL_READ);
    expect(expected.length).toBe(10);
    const first = await withoutDocuments(() => page(host, 4));
    expect(linesOf(first)).toEqual(expected.slice(0, 4));
    await expect(withoutDocuments(() => page(host, 4, first.next!))).rejects.toMatchObject({
      code: 'database_busy',
    });
    const second = await page(host, 4, first.next!);
    expect(linesOf(second)).toEqual(expected.slice(4, 8));
    const third = await page(host, 4, second.next!);
    expect(linesOf(third)).toEqual(expected.slice(8));
    expect(third.next).toBeNull();
  });

  it('that list all values answer every page, and a search for a part of a value', async () => {
    for (let trial = 1; trial <= COUNT; trial += 1) {
      await host.metadata.report(ME, trial, { a: ['red', 'green', 'Reddish'][trial % 3] });
    }
    await host.builder.make(subject);
    await withoutDocuments(async () => {
      const first = await page(host, 2);
      expect(linesOf(first)).toEqual(['8 × "Reddish"', '8 × "green"']);
      expect(linesOf(await page(host, 2, first.next!))).toEqual(['8 × "red"']);
      expect(linesOf(await page(host, 5, undefined, 'RED'))).toEqual(['8 × "Reddish"', '8 × "red"']);
    });
  });

  it('are there after a restart, and go when nobody has asked for them for long', async () => {
    await host.builder.make(subject);
    const restarted = await Host.boot(database.url);
    const expected = await host.list(subject, 200, ALL_READ);
    expect(linesOf(await withoutDocuments(() => page(restarted, 4)))).toEqual(expected.slice(0, 4));
    await restarted.close();
    await host.dataSource.query(`UPDATE trial_metadata_summaries SET asked_at = now() - interval '8 days'`);
    const later = await Host.boot(database.url);
    while ((await summaries()) > 0) await later.counter.count();
    await later.close();
  });

  it('are made in the background of the field that was asked for, when it is in enough trials', async () => {
    const strict = await Host.boot(database.url, { valueSummaries: { fromTrials: COUNT, values: 6 } });
    await page(strict, 4);
    while ((await summaries()) === 0) await strict.counter.count();
    await host.metadata.clear(ME, 1);
    await host.metadata.set(ME, 2, { c: 'rare' });
    expect(await strict.builder.make({ path: ['c'], scope: undefined })).toBe('unsuitable');
    expect(await strict.builder.make({ path: ['nowhere'], scope: undefined })).toBe('unsuitable');
    await strict.close();
    await host.check();
  });

  it('are dropped when more waits than can be counted at once, and made anew', async () => {
    await host.builder.make(subject);
    await host.dataSource.query(
      'INSERT INTO trial_metadata_uncounted SELECT id, 1 FROM generate_series(1000000, 1005001) AS id',
    );
    await host.metadata.report(ME, 1, { a: 'later' });
    await host.counter.count();
    expect(await summaries()).toBe(0);
    expect(await host.builder.make(subject)).toBe('made');
    await host.check();
  });

  it('are not kept of a field that holds a list, an object or a long text', async () => {
    for (const value of [[1], {}, 'long '.repeat(300)]) {
      await host.metadata.report(ME, 1, { a: 1 });
      expect(await host.builder.make(subject)).toBe('made');
      await host.metadata.report(ME, 1, { a: value });
      await host.counter.count();
      expect(await summaries()).toBe(0);
    }
  });

  it('keep to their number: one that was asked for lately stays', async () => {
    const small = await Host.boot(database.url, { valueSummaries: { fromTrials: 1, values: 6, most: 1 } });
    expect(await small.builder.make(subject)).toBe('made');
    expect(await small.builder.make({ path: ['0'], scope: undefined })).toBe('put off');
    await host.dataSource.query(`UPDATE trial_metadata_summaries SET asked_at = now() - interval '2 hours'`);
    expect(await small.builder.make({ path: ['0'], scope: undefined })).toBe('made');
    expect(await summaries()).toBe(1);
    await small.close();
  });

  it('that a process left half made are made by another', async () => {
    await host.builder.make(subject);
    await host.dataSource.query('UPDATE trial_metadata_summaries SET ready = false');
    expect(await host.builder.make(subject)).toBe('put off');
    await host.metadata.report(ME, 1, { a: 'meanwhile' });
    await host.dataSource.query(`UPDATE trial_metadata_summaries SET begun_at = now() - interval '1 hour'`);
    expect(await host.builder.make(subject)).toBe('made');
    expect(await host.check()).toBe(1);
  });

  it('are dropped by a recount, and where the option says that there shall be none', async () => {
    await host.builder.make(subject);
    await host.counter.recount();
    expect(await summaries()).toBe(0);
    await host.builder.make(subject);
    const without = await Host.boot(database.url, { valueSummaries: false });
    while ((await summaries()) > 0) await without.counter.count();
    await page(without, 4);
    await without.close();
  });
});

describe('summaries of values and access', () => {
  let host: ExperimentsHost;
  const ids = new Map<string, number>();

  beforeAll(async () => {
    host = await bootExperimentsHost({ valueSummaries: { fromTrials: 1 } });
    for (const [name, gpu] of [
      ['public', 'A100'],
      ['secret', 'H100'],
    ] as const) {
      const { client } = host;
      const { project } = await client.call('createProject', { body: { name } });
      ids.set(name, project.id);
      const body = { name: 'e', projectId: project.id };
      const { experiment } = await client.call('createExperiment', { body });
      for (let count = 0; count < 3; count += 1) {
        const path = { experimentId: experiment.id };
        const { trial } = await client.call('createTrial', { path, body: {} });
        await client.reportMetadata(trial.id, { gpu, shared: 'same' });
      }
    }
    const scopes = [{}, { projectId: ids.get('public')! }, { projectId: ids.get('secret')! }];
    while (Number(await host.value('SELECT count(*) FROM trial_metadata_summaries WHERE ready')) < 6) {
      for (const scope of scopes)
        for (const field of ['metadata.gpu', 'metadata.shared'])
          await host.client.values({ field, ...scope });
    }
  });

  afterAll(() => host.close());

  const valuesFor = async (user: string, field: string, query: Partial<ValuesQuery> = {}) =>
    (await host.as(user).client.values({ field: `metadata.${field}`, ...query })).items;

  it('show a user the projects that he sees, and no count of another', async () => {
    const secret = { projectId: ids.get('secret')! };
    expect(await valuesFor('admin', 'gpu')).toEqual([
      { value: 'A100', count: 3 },
      { value: 'H100', count: 3 },
    ]);
    expect(await valuesFor('admin', 'shared')).toEqual([{ value: 'same', count: 6 }]);
    expect(await valuesFor('ada', 'gpu')).toEqual([{ value: 'A100', count: 3 }]);
    expect(await valuesFor('ada', 'shared')).toEqual([{ value: 'same', count: 3 }]);
    expect(await valuesFor('ada', 'gpu', secret)).toEqual([]);
    expect(await valuesFor('ada', 'shared', secret)).toEqual([]);
    expect(await valuesFor('ada', 'gpu', { q: 'H100' })).toEqual([]);
    expect(await valuesFor('admin', 'gpu', secret)).toEqual([{ value: 'H100', count: 3 }]);
  });

  it('go with the trials of an experiment and of a project that is deleted', async () => {
    const { client } = host;
    const { items } = await client.searchExperiments({ projectId: ids.get('public')! });
    await client.call('deleteExperiment', { path: { experimentId: items[0]!.id } });
    expect(await valuesFor('admin', 'shared')).toEqual([{ value: 'same', count: 3 }]);
    expect(await valuesFor('ada', 'shared')).toEqual([]);
    await client.call('deleteProject', { path: { projectId: ids.get('secret')! } });
    expect(await valuesFor('admin', 'shared')).toEqual([]);
  });
});
