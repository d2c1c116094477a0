import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { MasterProcess } from '../support/index.js';
import { apiClient, createTestDatabase, makeDataDir, startMasterProcess } from '../support/index.js';

const tokenOf = (link: URL): string => decodeURIComponent(link.hash.replace('#token=', ''));

describe('the master as a process', () => {
  const started: MasterProcess[] = [];

  async function start(...parameters: Parameters<typeof startMasterProcess>): Promise<MasterProcess> {
    const master = await startMasterProcess(...parameters);
    started.push(master);
    return master;
  }

  // A test that failed leaves its masters running.
  afterEach(async () => {
    for (const master of started.splice(0)) {
      master.kill('SIGKILL');
      await master.ended();
    }
  });

  it('prints a link whose token signs in, keeps the token and the data, and survives kill -9', async () => {
    const DATA_DIR = await makeDataDir();
    const first = await start({ DATA_DIR });
    const link = await first.link();
    const token = tokenOf(link);
    expect((await apiClient(link.origin, token).get('/me')).status).toBe(200);
    expect((await stat(join(DATA_DIR, 'admin-token'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(DATA_DIR, 'admin-token'), 'utf8')).trim()).toBe(token);
    const project = await apiClient(link.origin, token).post('/projects', { name: 'kept' });
    expect(project.status).toBeLessThan(300);

    first.kill('SIGKILL');
    await first.ended();
    const second = await start({ DATA_DIR });
    const again = await second.link();
    expect(second.output()).toContain('it was still running');
    expect(tokenOf(again)).toBe(token);
    const { id } = project.body.project;
    expect((await apiClient(again.origin, token).get(`/projects/${id}`)).body.project.name).toBe('kept');

    second.kill('SIGTERM');
    expect(await second.ended()).toBe(0);
    await expect(stat(join(DATA_DIR, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  it('says in one line that another master uses its data, and leaves that one alone', async () => {
    const DATA_DIR = await makeDataDir();
    const first = await start({ DATA_DIR });
    const link = await first.link();
    const second = await start({ DATA_DIR });
    expect(await second.ended()).toBe(1);
    expect(second.output()).toBe(
      `Not started: Another program (process ${first.child.pid}) is using the data in ${DATA_DIR}. ` +
        'Stop it, or set DATA_DIR to another folder.\n',
    );
    expect((await apiClient(link.origin, undefined).get('//health/ready')).status).toBe(200);
    first.kill('SIGTERM');
    expect(await first.ended()).toBe(0);
  });

  it('starts where a stale postmaster.pid names a process that is no PostgreSQL', async () => {
    const DATA_DIR = await makeDataDir();
    const first = await start({ DATA_DIR });
    await first.link();
    first.kill('SIGTERM');
    await first.ended();
    await writeFile(join(DATA_DIR, 'postgres', 'data', 'postmaster.pid'), `${process.pid}\n/x\n1\n5432\n`);
    const second = await start({ DATA_DIR });
    await second.link();
    second.kill('SIGTERM');
    expect(await second.ended()).toBe(0);
  });

  it('brings its database back when that is killed', async () => {
    const DATA_DIR = await makeDataDir();
    const master = await start({ DATA_DIR });
    const client = apiClient((await master.link()).origin, undefined);
    const pid = (await readFile(join(DATA_DIR, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0];
    process.kill(Number(pid), 'SIGKILL');
    const until = Date.now() + 20_000;
    await expect(
      (async () => {
        for (;;) {
          if (Date.now() > until) return 'not ready in time';
          const isBack = master.output().includes('the embedded PostgreSQL is back');
          const { status } = await client.get('//health/ready');
          if (isBack && status === 200) return 'ready';
        }
      })(),
    ).resolves.toBe('ready');
    master.kill('SIGTERM');
    expect(await master.ended()).toBe(0);
  });

  it('finishes a running request at SIGTERM and takes no new connection', async () => {
    const database = await createTestDatabase();
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    try {
      const master = await start({ DATABASE_URL: database.url, DATA_DIR: await makeDataDir() });
      const link = await master.link();
      const client = apiClient(link.origin, tokenOf(link));
      await holder.query('BEGIN; LOCK TABLE projects IN ACCESS EXCLUSIVE MODE');
      const created = client.post('/projects', { name: 'last words' });
      await waiting(holder);
      master.kill('SIGTERM');
      await expect(refused(() => client.get('//health/live'))).resolves.toBe(true);
      await holder.query('COMMIT');
      const answer = await created;
      expect(answer.status).toBe(201);
      expect(answer.headers.get('connection')).toBe('close');
      expect(await master.ended()).toBe(0);
    } finally {
      await holder.end();
      await database.dispose();
    }
  });

  it('leaves no database server behind when it is stopped while it starts', async () => {
    const DATA_DIR = await makeDataDir();
    const master = await start({ DATA_DIR });
    const postmaster = join(DATA_DIR, 'postgres', 'data', 'postmaster.pid');
    const exists = (): Promise<boolean> => readFile(postmaster).then(Boolean, () => false);
    while (!(await exists()));
    master.kill('SIGTERM');
    expect(await master.ended()).toBe(0);
    expect(await exists()).toBe(false);
  });

  it('names every wrong setting in a line of its own', async () => {
    const master = await start({ PORT: 'x', DEMO: 'perhaps', ADMIN_TOKEN: 'short' });
    expect(await master.ended()).toBe(1);
    expect(master.output().trim().split('\n')).toHaveLength(3);
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // it listens on a port
    const database = await createTestDatabase();
    try {
      const settings = { PORT: String(port), DATABASE_URL: database.url, DATA_DIR: await makeDataDir() };
      const master = await start(settings);
      expect(await master.ended()).toBe(1);
      expect(master.output()).toMatch(/^Not started: Port \d+ of 127\.0\.0\.1 is taken\..*\n$/);
    } finally {
      other.close();
      await database.dispose();
    }
  });

  it.each([
    ['does not answer', 'postgresql://user:secret@127.0.0.1:1/db', /does not answer: .*ECONNREFUSED/],
    ['is no address', 'postgresql://user:secret@', /./],
  ])(
    'says in one line, without the password, that the server of DATABASE_URL %s',
    async (_, url, message) => {
      const master = await start({ DATABASE_URL: url, DATA_DIR: await makeDataDir() });
      expect(await master.ended()).toBe(1);
      expect(master.output()).toMatch(/^Not started: [^\n]*\n$/);
      expect(master.output()).toMatch(message);
      expect(master.output()).not.toContain('secret');
    },
  );

  it('says in one line that its data folder cannot be made', async () => {
    const folder = await makeDataDir();
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub', 'file'), '');
    const master = await start({ DATA_DIR: join(folder, 'sub', 'file') });
    expect(await master.ended()).toBe(1);
    expect(master.output()).toMatch(/^Not started: [^\n]*\n$/);
  });
});

/** Waits until a session waits for a lock. */
async function waiting(client: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
      AND datname = current_database()`);
    if (rowCount !== 0) return;
  }
}

/** Whether connections are refused, or will be within a few seconds. */
async function refused(request: () => Promise<unknown>): Promise<boolean> {
  for (const until = Date.now() + 5000; Date.now() < until;) {
    const isRefused = await request().then(
      () => false,
      () => true,
    );
    if (isRefused) return true;
  }
  return false;
}
