import type pg from 'pg';
import { runImportDetermined } from '../../src/master/cli/run-import-determined.js';
import { bootMaster, createTestDatabase, type TestDatabase, type TestMaster } from '../support/index.js';
import { fillSource } from './source-database.js';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

describe('import:determined', () => {
  let database: TestDatabase;
  let source: pg.Client;
  let master: TestMaster;

  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
    source = await fillSource(database.url);
    master = await bootMaster();
  });

  afterEach(async () => {
    await master.close();
    await source.end();
    await database.dispose();
  });

  async function run(args: readonly string[] = ['--from', database.url], token = master.token): Promise<Ran> {
    const written = { out: '', errors: '' };
    const output = (name: 'out' | 'errors') => ({
      write: (text: string) => {
        written[name] += text;
      },
    });
    const environment = { MASTER_URL: master.url, MASTER_TOKEN: token };
    const code = await runImportDetermined({
      args,
      environment,
      out: output('out'),
      errors: output('errors'),
    });
    return { code, ...written };
  }

  it('copies projects, experiments and runs with their ids, and metadata to the digit', async () => {
    const { code, out, errors } = await run();
    expect(errors).toBe('run 300 is left out: it belongs to no experiment.\n');
    expect(out).toMatch(
      /^3 projects, 3 experiments and 4 runs read in [\d.]+ s: 9 created, 0 updated, 0 unchanged\. 1 were left out\.\n$/,
    );
    expect(code).toBe(1);
    expect((await master.get('/projects/1')).body.project).toEqual({
      id: 1,
      name: 'Uncategorized',
      description: 'Default project',
      archived: false,
      createdAt: '2023-01-02T03:04:05.000Z',
    });
    expect((await master.get('/projects/4')).body.project.name).toBe('Vision / Benchmarks');
    expect((await master.get('/projects/5')).body.project).toMatchObject({
      name: 'Old / Benchmarks',
      archived: true,
    });
    expect((await master.get('/experiments/10')).body.experiment).toEqual({
      id: 10,
      name: 'bert',
      projectId: 1,
      description: 'large',
      labels: ['a', 'b'],
      state: 'COMPLETED',
      archived: false,
      startTime: '2024-05-09T03:21:50.183Z',
      endTime: '2024-05-09T04:00:00.000Z',
    });
    expect((await master.get('/experiments/12')).body.experiment).toMatchObject({
      name: 'experiment 12',
      state: 'CANCELED',
      archived: true,
    });
    const trial = await master.get('/trials/110');
    expect(trial.body.trial).toMatchObject({
      id: 110,
      experimentId: 10,
      state: 'COMPLETED',
      startTime: '2024-05-09T03:21:50.183Z',
      endTime: '2024-05-09T03:33:15.690Z',
    });
    expect(trial.text).toContain('"big": 9007199254740993');
    expect(trial.text).toContain('"exact": 0.1000000000000000055');
    expect((await master.get('/trials/111')).body.trial).toMatchObject({ state: 'ERROR', archived: true });
    expect((await master.get('/trials/200')).body.trial).not.toHaveProperty('metadata');
    const { items } = (await master.get('/trials/110/metadata/history')).body;
    expect(items).toMatchObject([{ revision: 1, source: 'import' }]);
    const fields = (await master.get('/metadata/fields?projectId=1')).body.items;
    expect(fields.map((field: { path: string }) => field.path)).toEqual([
      'big',
      'exact',
      'hardware',
      'hardware.gpu',
    ]);
  });

  it('changes nothing the second time, and later only what has changed there', async () => {
    await run();
    expect((await run()).out).toContain('0 created, 0 updated, 9 unchanged');
    await source.query(`
      UPDATE runs SET state = 'COMPLETED', end_time = '2024-05-10 01:00:00+00' WHERE id = 200;
      UPDATE runs_metadata SET metadata = '{"a": 1}' WHERE run_id = 110;
      INSERT INTO runs VALUES (201, 12, 4, 'ACTIVE', now(), NULL, false, NULL, NULL, NULL)`);
    expect((await run()).out).toContain('1 created, 2 updated, 7 unchanged');
    expect((await master.get('/trials/110/metadata')).body).toMatchObject({
      metadata: { a: 1 },
      revision: 2,
    });
    expect((await master.get('/trials/200')).body.trial.state).toBe('COMPLETED');
  });

  it('gives new rows ids above those that came along', async () => {
    await run();
    const project = (await master.post('/projects', { name: 'new' })).body.project;
    const experiment = (await master.post('/experiments', { name: 'new', projectId: project.id })).body
      .experiment;
    const trial = (await master.post(`/experiments/${experiment.id}/trials`, {})).body.trial;
    expect([project.id, experiment.id, trial.id]).toEqual([6, 14, 201]);
  });

  it('goes on where it broke off', async () => {
    await source.query(`
      INSERT INTO runs SELECT id, 10, 1, 'COMPLETED', now(), now(), false, NULL, NULL, NULL FROM generate_series(1000, 3999) AS id;
      INSERT INTO runs_metadata SELECT id, jsonb_build_object('step', id) FROM generate_series(1000, 3999) AS id`);
    const running = run();
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%runs_metadata m%'`;
    while ((await source.query(terminate)).rowCount === 0);
    const broken = await running;
    expect(broken.code).toBe(1);
    expect(broken.errors).toMatch(/What went in stays; repeat the import\.\n$/);
    const again = await run();
    expect(again.out).toContain('3004 runs read');
    expect((await master.get('/trials/3999/metadata')).body.metadata).toEqual({ step: 3999 });
  });

  it('overwrites nothing that has an id of its own here', async () => {
    const project = (await master.post('/projects', { name: 'Mine' })).body.project;
    const experiment = (await master.post('/experiments', { name: 'Mine', projectId: project.id })).body
      .experiment;
    expect([project.id, experiment.id]).toEqual([1, 1]);
    const { code, errors } = await run();
    expect(code).toBe(1);
    expect(errors).toContain(
      'project 1 was refused: The id 1 belongs to another project here, "Mine", not "Uncategorized".',
    );
    expect(errors).toContain('experiment 10 is left out: its project 1 was refused.');
    expect(errors).toContain('run 110 is left out: its experiment 10 was refused.');
    expect((await master.get('/projects/1')).body.project.name).toBe('Mine');
    expect((await master.get('/trials/110')).status).toBe(404);
    expect((await master.get('/trials/200')).status).toBe(200);
  });

  it('names the run whose metadata is beyond the limits, and takes in the rest', async () => {
    await source.query(
      `UPDATE runs_metadata SET metadata = jsonb_build_object('long', repeat('x', 20000)) WHERE run_id = 110`,
    );
    const { code, errors, out } = await run();
    expect(code).toBe(1);
    expect(errors).toMatch(/run 110 was refused: metadata\.long: The string has 20000 bytes/);
    expect(out).toContain('2 were left out');
    expect((await master.get('/trials/110')).body.trial).not.toHaveProperty('metadata');
  });

  it.each([
    ['no arguments', [], 'Name the database to import from.'],
    ['another option', ['--into', 'postgres://x/y'], 'Name the database to import from.'],
    ['no URL', ['--from', 'nonsense'], '--from is no PostgreSQL URL'],
    ['no server', ['--from=postgres://127.0.0.1:1/x'], 'The database at 127.0.0.1:1 cannot be opened'],
  ])('says what is wrong with %s', async (_, args, message) => {
    const { code, errors } = await run(args);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain('    at ');
  });

  it('says so when the database is none of Determined', async () => {
    await source.query('DROP TABLE runs_metadata, runs_metadata_index, runs CASCADE');
    expect((await run()).errors).toContain(
      'This is no database of Determined with run metadata: relation "runs" does not exist',
    );
  });

  it('is for those who see everything and may create projects', async () => {
    const user = (await master.post('/users', { name: 'viewer' })).body.user;
    const { secret } = (await master.post(`/users/${user.id}/tokens`, {})).body.token;
    const { code, errors } = await run(undefined, secret);
    expect(code).toBe(1);
    expect(errors).toContain('The master refused the import: You may not create projects.');
    expect((await master.get('/projects')).body.items).toEqual([]);
  });

  it('refuses a batch that names a row twice, or that is no batch', async () => {
    const project = { id: 1, name: 'P', description: '', archived: false, createdAt: '2024-05-01' };
    for (const body of [
      { projects: [project, project] },
      { projects: [{ id: 1 }] },
      { runs: {} },
      { rows: [] },
      [],
    ]) {
      const answer = await master.post('/import/determined', body);
      expect({ body, status: answer.status }).toEqual({ body, status: 400 });
    }
  });
});
