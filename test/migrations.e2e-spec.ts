import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, Entity, PrimaryColumn, type MigrationInterface } from 'typeorm';
import { EXPERIMENTS_ENTITIES, experimentsMigrations } from '../src/experiments/index.js';
import { migrate } from '../src/master/database/migrate.js';
import { masterMigrations } from '../src/master/database/migrations.js';
import {
  buildIndex,
  metadataMigrations,
  MetadataService,
  runMigrationsInTurn,
  TrialMetadata,
  trialMetadataOf,
  TrustedUser,
} from '../src/metadata/index.js';
import { createTestDatabase, type TestDatabase } from './support/index.js';
import { lockWaitOf } from './support/lock-wait.js';
import { bootTinyHost, otherTrialEntity } from './support/tiny-host.js';

const TEXTS = 'IndexMetadataTexts1750000000300';
const CHANGES = 'CreateMetadataChanges1760000000200';
const MIGRATIONS = [...experimentsMigrations, ...metadataMigrations({ trial: { table: 'trials' } })];

/** What the catalog holds of the schema `public`, as text, one thing a line. */
async function schemaOf(dataSource: DataSource): Promise<readonly string[]> {
  const rows = await dataSource.query<{ line: string }[]>(`
    SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
    UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
               WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

/** What TypeORM would change to make the database as the entities are. */
async function differences(dataSource: DataSource): Promise<readonly string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

async function withDatabase(work: (database: TestDatabase) => Promise<void>, empty = true): Promise<void> {
  const database = await createTestDatabase({ empty });
  try {
    await work(database);
  } finally {
    await database.dispose();
  }
}

describe('migrations', () => {
  it('of a master build an index beside rows that are there, while it keeps its turn', () =>
    withDatabase(async ({ url }) => {
      const INDEX = 'IndexArchivedTrials1760000000500';
      const older = Object.values(masterMigrations).filter(({ name }) => name !== INDEX);
      await migrate(url, older);
      const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
      const inserted = await dataSource.query<unknown[]>(`
        WITH project AS (INSERT INTO projects (name, created_at) VALUES ('p', now()) RETURNING id),
          experiment AS (INSERT INTO experiments (project_id, name) SELECT id, 'e' FROM project RETURNING id)
        INSERT INTO trials (experiment_id) SELECT id FROM experiment RETURNING id`);
      expect(inserted).toHaveLength(1);
      expect(await migrate(url, masterMigrations)).toEqual([INDEX]);
      const [index] = await dataSource.query<{ valid: boolean }[]>(
        `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'trials_archived_idx'::regclass`,
      );
      expect(index).toEqual({ valid: true });
      await dataSource.destroy();
    }));

  it('go up, down and up again, to the same schema', () =>
    withDatabase(async ({ url }) => {
      const dataSource = await new DataSource({
        type: 'postgres',
        url,
        migrations: masterMigrations,
      }).initialize();
      const first = await dataSource.runMigrations();
      const schema = await schemaOf(dataSource);
      expect(schema.length).toBeGreaterThan(50);
      for (let left = first.length; left > 0; left -= 1) await dataSource.undoLastMigration();
      expect(await schemaOf(dataSource)).toEqual([]);
      expect(await dataSource.runMigrations({ transaction: 'each' })).toHaveLength(first.length);
      expect(await schemaOf(dataSource)).toEqual(schema);
      await dataSource.destroy();
    }));

  it('make what the entities of plugin, experiments and views say', () =>
    withDatabase(async ({ url }) => {
      const entities = [...EXPERIMENTS_ENTITIES];
      const dataSource = await new DataSource({ type: 'postgres', url, entities }).initialize();
      expect(await differences(dataSource)).toEqual([]);
      await dataSource.destroy();
    }, false));

  it.each(['integer', 'bigint', 'uuid'] as const)(
    'make what a host’s entity of metadata says, whose trials have other names and an id of type %s',
    async (type) => {
      const Trial = otherTrialEntity(type);
      const entity = trialMetadataOf({ trial: () => Trial, id: 'key' });
      const host = await bootTinyHost({ idType: type, metadataEntity: entity, trialEntity: Trial });
      try {
        expect(await differences(host.dataSource)).toEqual([]);
        const id = type === 'uuid' ? '0e37df36-f698-11e6-8dd4-cb9ced3df976' : 7;
        await host.addTrials(id);
        await host.post(`/trials/${id}/metadata`, { metadata: { a: 1 } });
        const found = await host.dataSource.getRepository(entity).findOneByOrFail({});
        expect([found.trialId, found.revision]).toEqual([id, 1]);
      } finally {
        await host.close();
      }
    },
  );

  it.each(['integer', 'bigint', 'uuid'] as const)(
    'make what such an entity says in a schema of its own, and TrialMetadata does not, for an id of type %s',
    (type) =>
      withDatabase(async ({ url }) => {
        @Entity({ name: 'runs', schema: 'lab' })
        class Run {
          @PrimaryColumn({ name: 'run_key', type })
          key!: unknown;
        }
        const trial = { schema: 'lab', table: 'runs', column: 'run_key', type };
        const open = (entity: () => new () => TrialMetadata) =>
          new DataSource({
            type: 'postgres',
            url,
            entities: [Run, entity()],
            migrations: [...metadataMigrations({ trial, schema: 'the plugin' })],
          }).initialize();
        const own = await open(() => trialMetadataOf({ trial: () => Run, id: 'key', schema: 'the plugin' }));
        await own.query('CREATE SCHEMA lab');
        await own.query(`CREATE TABLE lab.runs (run_key ${type} PRIMARY KEY)`);
        await own.query('CREATE SCHEMA "the plugin"');
        await own.runMigrations();
        expect(await differences(own)).toEqual([]);
        await own.destroy();
        const plain = await open(() => TrialMetadata);
        expect(await differences(plain)).toEqual([expect.stringContaining('CREATE TABLE "trial_metadata"')]);
        await plain.destroy();
      }),
  );

  it('run once when ten replicas start at the same time, and build an index concurrently meanwhile', () =>
    withDatabase(async ({ url }) => {
      const open = (migrations: readonly (new () => MigrationInterface)[]) =>
        new DataSource({ type: 'postgres', url, migrations: [...migrations], poolSize: 2 }).initialize();
      const before = MIGRATIONS.filter((migration) => new migration().name !== TEXTS);
      const first = await open(before);
      await runMigrationsInTurn(first);
      await fill(first, 5_000);
      const replicas = await Promise.all(Array.from({ length: 10 }, () => open(MIGRATIONS)));
      const done = await Promise.all(replicas.map((replica) => runMigrationsInTurn(replica)));
      expect(done.flat()).toEqual([TEXTS]);
      expect(await indexState(first, 'trial_metadata_texts_idx')).toBe(true);
      for (const dataSource of [first, ...replicas]) await dataSource.destroy();
    }));

  it('cannot run in turn on a pool of one connection, and say so', () =>
    withDatabase(async ({ url }) => {
      const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
      await expect(runMigrationsInTurn(dataSource)).rejects.toThrow(/poolSize to 2/);
      await dataSource.destroy();
    }));

  it.each(['none', 'each', 'all'] as const)(
    'build an index anew that an interrupted building has left invalid, with transaction "%s"',
    (transaction) =>
      withDatabase(async ({ url }) => {
        const build = class BuildIndex1799999999999 implements MigrationInterface {
          readonly name = 'BuildIndex1799999999999';
          up = (runner: Parameters<typeof buildIndex>[0]) =>
            buildIndex(runner, { name: '"Some idx"', table: '"trial_metadata"', definition: '(revision)' });
          down = () => Promise.resolve();
        };
        const migrations = [...MIGRATIONS, build];
        const dataSource = new DataSource({ type: 'postgres', url, migrations: MIGRATIONS });
        await dataSource.initialize();
        await dataSource.runMigrations({ transaction });
        await fill(dataSource, 10);
        // As a building leaves it that a broken connection ended.
        await dataSource.query('CREATE INDEX "Some idx" ON trial_metadata (trial_id)');
        await dataSource.query(
          `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"Some idx"'::regclass`,
        );
        await dataSource.destroy();
        const later = await new DataSource({ type: 'postgres', url, migrations }).initialize();
        expect(await later.runMigrations({ transaction })).toHaveLength(1);
        expect(await indexState(later, 'Some idx')).toBe(true);
        const [row] = await later.query(`SELECT pg_get_indexdef('"Some idx"'::regclass) AS text`);
        expect(row.text).toMatch(/\(revision\)$/);
        expect(await later.query(`SELECT FROM migrations WHERE name LIKE 'BuildIndex%'`)).toHaveLength(1);
        await later.destroy();
      }),
  );

  it('keep no writer waiting long on a table of many rows', async () => {
    const rows = Number(process.env['MIGRATED_ROWS'] ?? 100_000);
    const host = await bootTinyHost({ module: { changes: false, indexedFields: [] } });
    try {
      const { dataSource } = host;
      await dataSource.query(`INSERT INTO trials SELECT generate_series(1, ${rows})`);
      const runner = dataSource.createQueryRunner();
      const undone = metadataMigrations({ trial: { table: 'trials' } })
        .map((migration) => new migration())
        .filter(({ name }) => name === TEXTS || name === CHANGES)
        .reverse();
      for (const migration of undone) await migration.down(runner);
      await dataSource.query('DELETE FROM migrations WHERE name = ANY ($1)', [[TEXTS, CHANGES]]);
      await runner.release();
      await fill(dataSource, rows);
      const service = host.app.get(MetadataService);
      const waits: number[] = [];
      let isMigrating = true;
      const write = async (writer: number): Promise<void> => {
        for (let n = writer; isMigrating; n += 4) {
          const start = performance.now();
          await service.report(new TrustedUser('w'), 1 + (n % rows), { n, note: `again ${n}` });
          waits.push(performance.now() - start);
        }
      };
      const writing = Promise.all([1, 2, 3, 4].map(write));
      // A long read that the change of the table must not queue up everybody behind.
      const reader = dataSource.createQueryRunner();
      await reader.startTransaction();
      await reader.query('SELECT count(*) FROM trial_metadata');
      const read = lockWaitOf('trial_metadata', dataSource).then(async () => {
        const [before, met] = [waits.length, performance.now()];
        const held = () => performance.now() - met;
        while ((waits.length < before + 20 || held() < 3_000) && held() < 60_000) await sleep(10);
        await reader.rollbackTransaction();
        await reader.release();
        return { reports: waits.length - before, held: held() };
      });
      const start = performance.now();
      expect(await runMigrationsInTurn(dataSource)).toEqual([TEXTS, CHANGES]);
      const took = performance.now() - start;
      isMigrating = false;
      await writing;
      const { reports, held } = await read;
      const longest = Math.max(...waits);
      console.log(
        `${rows} rows migrated in ${took.toFixed(0)} ms; ${waits.length} reports meanwhile, the longest ${longest.toFixed(0)} ms`,
      );
      expect(reports).toBeGreaterThanOrEqual(20);
      expect(longest).toBeLessThan(held / 2);
    } finally {
      await host.close();
    }
  }, 600_000);
});

/** Gives many trials metadata, past the API. */
async function fill(dataSource: DataSource, rows: number): Promise<void> {
  const [trials] = await dataSource.query(`SELECT count(*)::integer AS count FROM trials`);
  if (trials.count === 0) {
    await dataSource.query(`INSERT INTO projects (name, created_at) VALUES ('p', now())`);
    await dataSource.query(`INSERT INTO experiments (project_id, name) SELECT id, 'e' FROM projects`);
    await dataSource.query(
      `INSERT INTO trials (id, experiment_id) SELECT n, experiments.id FROM generate_series(1, $1::integer) AS n, experiments`,
      [rows],
    );
  }
  await dataSource.query(
    `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at)
     SELECT n, jsonb_build_object('gpu', 'A' || n % 100, 'note', md5(n::text), 'n', n), 1, now()
       FROM generate_series(1, $1::integer) AS n`,
    [rows],
  );
}

async function indexState(dataSource: DataSource, name: string): Promise<boolean | undefined> {
  const [row] = await dataSource.query(
    'SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = $1',
    [name],
  );
  return row?.indisvalid;
}
