import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { workOff } from '../../src/experiments/import/work-off.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const JOBS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('workOff', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    dataSource = await connect(5);
    await dataSource.query('CREATE TABLE done (job integer NOT NULL, pid integer NOT NULL)');
  });

  beforeEach(() => dataSource.query('TRUNCATE done'));

  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  function connect(poolSize: number): Promise<DataSource> {
    return new DataSource({ type: 'postgres', url: database.url, poolSize }).initialize();
  }

  async function note(job: number, manager: EntityManager): Promise<void> {
    await manager.query('INSERT INTO done SELECT $1, pg_backend_pid() FROM pg_sleep(0.02)', [job]);
  }

  async function run(work: typeof note, source = dataSource, jobs = JOBS): Promise<void> {
    await source.transaction((manager) => workOff(jobs, work, manager, source));
  }

  async function done(): Promise<{ readonly jobs: readonly number[]; readonly backends: number }> {
    const rows: readonly { job: number; pid: number }[] = await dataSource.query(
      'SELECT * FROM done ORDER BY job',
    );
    return { jobs: rows.map(({ job }) => job), backends: new Set(rows.map(({ pid }) => pid)).size };
  }

  it('does each job once, by two transactions', async () => {
    await run(note);
    expect(await done()).toEqual({ jobs: JOBS, backends: 2 });
  });

  it('does a single job, or none, by one', async () => {
    await run(note, dataSource, []);
    await run(note, dataSource, [1]);
    expect(await done()).toEqual({ jobs: [1], backends: 1 });
  });

  it('shows nothing before all is done', async () => {
    const seen = new Set<number>();
    await run(async (job, manager) => {
      await note(job, manager);
      seen.add((await done()).jobs.length);
    });
    expect([...seen]).toEqual([0]);
  });

  it('goes on alone while there is no connection for a second one', async () => {
    const narrow = await connect(1);
    try {
      await run(note, narrow);
      await run(note, narrow, [9, 10]);
      expect(await done()).toEqual({ jobs: [...JOBS, 9, 10], backends: 1 });
    } finally {
      await narrow.destroy();
    }
  });

  it.each([1, 2, 5, 8])('leaves nothing of any job when job %i fails', async (failing) => {
    const work = async (job: number, manager: EntityManager) => {
      await note(job, manager);
      if (job === failing) throw new Error(`job ${job}`);
    };
    await expect(run(work)).rejects.toThrow(`job ${failing}`);
    expect((await done()).jobs).toEqual([]);
  });

  it('does not begin further jobs once one has failed', async () => {
    const begun: number[] = [];
    const work = async (job: number, manager: EntityManager) => {
      begun.push(job);
      await note(job, manager);
      if (job === 1) throw new Error('the first');
    };
    await expect(run(work)).rejects.toThrow('the first');
    expect(begun.length).toBeLessThan(JOBS.length / 2 + 1);
  });

  it('fails rather than waits for ever when someone who waits for the first keeps the second waiting', async () => {
    const stranger = await connect(1);
    try {
      let asked: Promise<unknown> = Promise.resolve();
      const work = async (job: number, manager: EntityManager) => {
        if (job === 1) {
          await note(job, manager);
          // Waits for the first, and whoever comes to the table later waits for this.
          asked = stranger.transaction((other) => other.query('LOCK TABLE done IN SHARE MODE'));
          asked.catch(() => undefined);
          await sleep(200);
        } else if (job === 2) {
          await sleep(150);
          await note(job, manager);
        }
      };
      await expect(run(work, dataSource, [1, 2])).rejects.toMatchObject({ code: '55P03' });
      await asked;
      expect((await done()).jobs).toEqual([]);
    } finally {
      await stranger.destroy();
    }
  });
});
