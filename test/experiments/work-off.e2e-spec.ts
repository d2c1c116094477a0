import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { workOff } from '../../src/experiments/import/work-off.js';
import { lockWait } from '../support/lock-wait.js';
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
    await source.transaction((manager) =>
      workOff(manager, source, { jobs, work, finish: () => Promise.resolve() }),
    );
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

  it('finishes in the first transaction, when all jobs are done and none of them can be seen', async () => {
    let seen: unknown;
    const finish = async (manager: EntityManager) => {
      seen = [await done(), await manager.query('SELECT pg_backend_pid() AS pid')];
    };
    let first: unknown;
    await dataSource.transaction(async (manager) => {
      first = await manager.query('SELECT pg_backend_pid() AS pid');
      await workOff(manager, dataSource, { jobs: JOBS, work: note, finish });
    });
    expect(seen).toEqual([{ jobs: [], backends: 0 }, first]);
    expect((await done()).jobs).toEqual(JOBS);
  });

  it('leaves nothing when what is left to do in the end fails', async () => {
    const finish = () => Promise.reject(new Error('the end'));
    const whole = dataSource.transaction((manager) =>
      workOff(manager, dataSource, { jobs: JOBS, work: note, finish }),
    );
    await expect(whole).rejects.toThrow('the end');
    expect((await done()).jobs).toEqual([]);
  });

  it('leaves nothing when the first loses its connection, and with it its locks, while the second is at work', async () => {
    let first: number | undefined;
    const work = async (job: number, manager: EntityManager) => {
      await note(job, manager);
      if (job === 1) return;
      await dataSource.query('SELECT pg_terminate_backend($1)', [first]);
      await sleep(100);
    };
    const whole = dataSource.transaction(async (manager) => {
      const [row]: readonly { pid: number }[] = await manager.query('SELECT pg_backend_pid() AS pid');
      first = row?.pid;
      await workOff(manager, dataSource, { jobs: [1, 2], work, finish: () => Promise.resolve() });
    });
    await expect(whole).rejects.toThrow();
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

  it.each([
    ['first', 'second', 1, 2],
    ['second', 'first', 2, 1],
  ])(
    'fails rather than waits for ever when who waits for the %s keeps the %s waiting',
    async (_, __, one, other) => {
      const stranger = await connect(1);
      let isAwaited: () => void = () => undefined;
      const awaited = new Promise<void>((resolve) => {
        isAwaited = resolve;
      });
      try {
        let asked: Promise<unknown> = Promise.resolve();
        const work = async (job: number, manager: EntityManager) => {
          if (job === one) {
            await note(job, manager);
            // Waits for this transaction, and whoever comes to the table later waits for the stranger.
            asked = stranger.transaction((third) => third.query('LOCK TABLE done IN SHARE MODE'));
            asked.catch(() => undefined);
            await lockWait(dataSource);
            isAwaited();
          } else if (job === other) {
            await awaited;
            await note(job, manager);
          }
        };
        await expect(run(work, dataSource, [1, 2])).rejects.toMatchObject({ code: '55P03' });
        await asked;
        expect((await done()).jobs).toEqual([]);
      } finally {
        await stranger.destroy();
      }
    },
  );
});
