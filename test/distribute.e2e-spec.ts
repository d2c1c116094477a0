import pg from 'pg';
import { runDistribute } from '../src/master/cli/run-distribute.js';
import { ChangeRetentionService, FieldCounter, HistoryRetentionService } from '../src/metadata/index.js';
import { bootMaster, createTestDatabase, type TestMaster } from './support/index.js';
import { lintSql } from './support/lint-sql.js';
import { recordStatements } from './support/record-statements.js';

describe('the SQL of the product, as a distributed PostgreSQL asks it', () => {
  let master: TestMaster;
  let sent: readonly string[];

  beforeAll(async () => {
    master = await bootMaster({ demo: true });
    sent = recordStatements(master.dataSource);
  }, 120_000);

  afterAll(() => master.close());

  it('the lint sees what it is there for', () => {
    const faults = [
      'INSERT INTO trial_metadata (trial_id) VALUES ($1) ON CONFLICT (trial_id) DO UPDATE SET updated_at = now()',
      'INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = (SELECT 1)',
      'SELECT 1 FROM trial_metadata WHERE trial_id = ANY ($1) FOR UPDATE',
      'SELECT "id" FROM "trials" WHERE experiment_id = $1 FOR NO KEY UPDATE',
      'SELECT FROM "experiments" AS "experiment" WHERE EXISTS (SELECT FROM trials AS t WHERE t.experiment_id = "experiment"."id")',
      'SELECT * FROM experiments, LATERAL (SELECT FROM "trials" WHERE experiment_id = experiments.id LIMIT 1) AS x',
      'CREATE TRIGGER x AFTER INSERT ON trials',
      'INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING',
    ];
    expect(faults.map((statement) => lintSql(statement).length)).toEqual(faults.map(() => 1));
    const right = [
      'INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = t.c || excluded.c WHERE t.d = now()',
      'SELECT 1 FROM trial_metadata WHERE trial_id = $1::bigint FOR UPDATE',
      'SELECT id FROM experiments WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE',
      'SELECT FROM "experiments" AS "experiment" WHERE "experiment"."id" IN (SELECT experiment_id FROM trials)',
    ];
    expect(right.flatMap(lintSql)).toEqual([]);
  });

  it('holds no statement that it would refuse, over all routes', async () => {
    await sendEverything(master);
    await master.app.get(FieldCounter).count();
    await master.app.get(FieldCounter).recount();
    await master.app.get(HistoryRetentionService).forget();
    await master.app.get(ChangeRetentionService).forget();
    const statements = new Set(sent);
    expect(statements.size).toBeGreaterThan(100);
    const faults = [...statements].flatMap((statement) =>
      lintSql(statement).map((fault) => ({ fault, statement })),
    );
    expect(faults).toEqual([]);
  }, 120_000);

  it('has keys that hold the trial, foreign keys of its type, and no trigger', async () => {
    const { dataSource } = master;
    const keys: readonly { readonly name: string }[] = await dataSource.query(`
      SELECT indexrelid::regclass::text AS name FROM pg_index
       WHERE indisunique AND indrelid IN (SELECT attrelid FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                    WHERE attname = 'trial_id' AND relkind = 'r' AND relnamespace = 'public'::regnamespace)
         AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid AND attname = 'trial_id'
                    AND attnum = ANY (indkey))`);
    expect(keys).toEqual([]);
    const mixed: readonly { readonly name: string }[] = await dataSource.query(`
      SELECT conname AS name FROM pg_constraint JOIN pg_attribute AS own ON own.attrelid = conrelid AND own.attnum = conkey[1]
        JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = confkey[1]
       WHERE contype = 'f' AND confrelid IN ('trials'::regclass, 'trial_metadata'::regclass)
         AND (own.atttypid <> other.atttypid OR own.attname <> 'trial_id')`);
    expect(mixed).toEqual([]);
    expect(await dataSource.query('SELECT FROM pg_trigger WHERE NOT tgisinternal')).toEqual([]);
  });
});

/** Every example of the OpenAPI document, and what has no example. */
async function sendEverything(master: TestMaster): Promise<void> {
  const { body: document } = await master.get('//api/openapi.json');
  for (const [path, item] of Object.entries<Record<string, OpenApiOperation>>(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (method === 'delete' || !path.startsWith('/api/v1')) continue;
      const parameters = operation.parameters ?? [];
      const url = parameters.reduce(
        (text, { name, example }) =>
          text.replace(`{${name}}`, JSON.stringify(example ?? 1).replaceAll('"', '')),
        path,
      );
      const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
        Object.values(examples ?? {}).map(({ value }) => ({ type, value })),
      );
      for (const body of bodies.length === 0 ? [undefined] : bodies) {
        const text = typeof body?.value === 'string' ? body.value : JSON.stringify(body?.value);
        const headers = body === undefined ? {} : { 'content-type': body.type };
        await master.send(method.toUpperCase(), url.slice('/api/v1'.length), body && text, headers);
      }
    }
  }
  const filter = { field: 'metadata.hardware.gpu', operator: 'contains', value: 'a' };
  const sorts = ['metadata.runtime_seconds', '-metadata.runtime_seconds', 'trial.id', 'experiment.name'];
  for (const kind of ['trials', 'experiments']) {
    for (const sort of sorts)
      await master.get(`/${kind}?sort=${sort}&metadata.hardware.gpu[contains]=a&limit=2`);
    await master.post(`/${kind}/search`, { filter, count: 'exact', limit: 1, projectId: 1 });
    await master.post(`/${kind}/search`, { filter: { not: filter }, sort: [{ field: 'metadata.x' }] });
  }
  const viewer = (await master.post('/users', { name: 'viewer' })).body.user;
  await master.put(`/projects/1/members/${viewer.id}`, { role: 'viewer' });
  const { token } = (await master.post(`/users/${viewer.id}/tokens`, {})).body;
  const reader = master.as(token.secret);
  for (const path of [
    '/trials',
    '/experiments',
    '/metadata/fields',
    '/metadata/changes',
    '/trials/1/metadata',
  ])
    await reader.get(path);
  await reader.post('/trials/search', { filter, count: 'exact' });
  const line = {
    project: 'lint',
    experiment: 'lint',
    trial: 1,
    startTime: 1,
    endTime: 2,
    metadata: { a: 1 },
  };
  for (const state of ['RUNNING', 'COMPLETED'])
    await master.post('/import', JSON.stringify({ ...line, state }), {
      'content-type': 'application/x-ndjson',
    });
  const { id } = (await master.post('/experiments/1/trials', {})).body.trial;
  const ifMatch = { 'if-match': '"9"' };
  expect((await master.post(`/trials/${id}/metadata`, { metadata: { a: 1 } }, ifMatch)).status).toBe(412);
  await master.patch(`/trials/${id}/metadata`, { metadata: { a: 1 } });
  await master.delete(`/trials/${id}/metadata`);
  expect((await master.delete(`/trials/${id}`)).status).toBeLessThan(300);
  expect((await master.delete('/experiments/1')).status).toBeLessThan(300);
  expect((await master.delete('/projects/1')).status).toBeLessThan(300);
}

interface OpenApiOperation {
  readonly parameters?: readonly { readonly name: string; readonly example?: unknown }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>
    >;
  };
}

describe('npm run distribute', () => {
  const run = async (url: string | undefined, ...args: readonly string[]) => {
    let [out, errors] = ['', ''];
    const code = await runDistribute({
      args,
      environment: url === undefined ? {} : { DATABASE_URL: url },
      out: { write: (text: string) => (out += text) },
      errors: { write: (text: string) => (errors += text) },
    });
    return { code, out, errors };
  };

  it('says what is missing: DATABASE_URL, the tables, the extension', async () => {
    expect(await run(undefined)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('DATABASE_URL is not set'),
    });
    expect(await run('postgresql://x@127.0.0.1:1/x')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/does not answer/),
    });
    expect(await run(undefined, '--now')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('"--now"'),
    });
    expect(await run(undefined, '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--dry-run'),
    });
    const [empty, migrated] = [await createTestDatabase({ empty: true }), await createTestDatabase()];
    expect((await run(empty.url)).errors).toMatch(/no tables of the master yet/);
    const refused = await run(migrated.url);
    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(/no extension "citus".*shared_preload_libraries.*Nothing was changed/);
    await empty.dispose();
    await migrated.dispose();
  });

  it('a dry run prints statements that leave every foreign key as it was, around the functions of Citus', async () => {
    const database = await createTestDatabase();
    const { code, out } = await run(database.url, '--dry-run');
    expect(code).toBe(0);
    const calls = [
      ...out.matchAll(/SELECT (create_\w+)\('(\w+)'(?:, '(\w+)')?(?:, colocate_with => '(\w+)')?\)/g),
    ];
    const of = (name: string) => calls.filter((call) => call[1] === name).map((call) => call.slice(2));
    expect(of('create_reference_table').map(([table]) => table)).toEqual(
      expect.arrayContaining(['projects', 'experiments', 'project_members', 'project_views']),
    );
    expect(of('create_distributed_table')).toEqual([
      ['trials', 'id', undefined],
      ['trial_metadata', 'trial_id', 'trials'],
      ['trial_metadata_history', 'trial_id', 'trials'],
      ['trial_metadata_uncounted', 'trial_id', 'trials'],
      ['trial_metadata_changes', 'trial_id', 'trials'],
    ]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const keys = async () =>
      (
        await client.query(
          'SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2',
        )
      ).rows;
    const before = await keys();
    // All but the calls of Citus runs on any server.
    await client.query(`BEGIN; ${out.replaceAll(/SELECT create_\w+\([^)]*\);/g, '')} COMMIT`);
    expect(await keys()).toEqual(before);
    await client.end();
    await database.dispose();
  });
});
