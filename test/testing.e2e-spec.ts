import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleLogger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Column, DataSource, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { MetadataQueryBuilder, MetadataService, TrustedUser } from '../src/metadata/index.js';
import {
  MetadataTestingModule,
  startTestPostgres,
  TestTrial,
  trialFactory,
  type MetadataTestingOptions,
  type TestDatabase,
  type TestPostgres,
} from '../src/testing/index.js';
import { testServer } from './support/index.js';

@Entity('Training Runs')
class TrainingRun {
  @PrimaryGeneratedColumn('uuid', { name: 'run key' })
  key!: string;

  @Column({ type: 'text' })
  title!: string;
}

@Entity('studies')
class Study {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'text' })
  topic!: string;
}

@Entity('study_runs')
class StudyRun {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Study, { nullable: false })
  study!: Study;
}

describe('what a host’s tests are given', () => {
  let postgres: TestPostgres;
  let database: TestDatabase;
  let app: TestingModule;

  beforeAll(async () => {
    postgres = await startTestPostgres({ url: testServer().adminUrl });
  });

  afterAll(() => postgres.stop());

  async function boot(options: Omit<MetadataTestingOptions, 'url'> = {}): Promise<TestingModule> {
    database = await postgres.createDatabase();
    const imports = [MetadataTestingModule.forRoot({ url: database.url, ...options })];
    app = await Test.createTestingModule({ imports }).compile();
    return await app.init();
  }

  afterEach(async () => {
    await app.close();
    await database.dispose();
  });

  it('is a host with the plugin, and trials with metadata', async () => {
    await boot();
    const trials = trialFactory(app);
    const ids = await trials.createMany(3, (index) => ({ lr: index / 10 }));
    const plain = await trials.create();
    const query = app.get(DataSource).getRepository(TestTrial).createQueryBuilder('trial');
    const filter = { field: 'metadata.lr', operator: 'gte', value: 0.1 };
    const found = app.get(MetadataQueryBuilder).apply(query, { trialId: 'trial.id', filter });
    expect((await found.getMany()).map(({ id }) => id)).toEqual(ids.slice(1));
    const metadata = app.get(MetadataService);
    expect((await metadata.get(new TrustedUser(), ids[2]!)).updatedBy).toBe('factory');
    expect((await metadata.get(new TrustedUser(), plain)).revision).toBe(0);
  });

  it('takes the host’s own entity, its tables made of it', async () => {
    const trial = { entity: TrainingRun, id: 'key' };
    await boot({ trial, metadata: { limits: { depth: 2 } } });
    const trials = trialFactory(app, trial);
    const id = await trials.create({ a: 1 }, { title: 'first' });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await expect(trials.create({ a: { b: { c: 1 } } }, { title: 'deep' })).rejects.toThrow('3 levels');
  });

  it('gives each of many trials its columns', async () => {
    const trial = { entity: TrainingRun, id: 'key' };
    await boot({ trial });
    const trials = trialFactory(app, trial);
    const metadataOf = (index: number) => (index === 2 ? undefined : { index });
    const own = await trials.createMany(3, metadataOf, (index) => ({ title: `run ${index}` }));
    const same = await trials.createMany(2, metadataOf, { title: 'one of them' });
    const repository = app.get(DataSource).getRepository(TrainingRun);
    const titles = await Promise.all(
      [...own, ...same].map(async (key) => (await repository.findOneByOrFail({ key: String(key) })).title),
    );
    expect(titles).toEqual(['run 0', 'run 1', 'run 2', 'one of them', 'one of them']);
    const metadata = app.get(MetadataService);
    expect((await metadata.get(new TrustedUser(), own[2]!)).revision).toBe(0);
  });

  it('takes the entities that relations lead to, and says so when one is missing', async () => {
    const trial = { entity: StudyRun };
    await boot({ trial, entities: [Study] });
    const study = await app.get(DataSource).getRepository(Study).save({ topic: 'digits' });
    await trialFactory(app, trial).createMany(2, () => ({ a: 1 }), { study });
    const imports = [MetadataTestingModule.forRoot({ url: database.url, trial })];
    await expect(
      Test.createTestingModule({ imports })
        .setLogger(new ConsoleLogger({ logLevels: ['fatal'] }))
        .compile(),
    ).rejects.toThrow(/forRoot\(\{ entities: \[.* StudyRun#study was not found/);
  });

  it('refuses an option that there is not, in one line', () => {
    const options = { url: 'postgresql://127.0.0.1/none', entitys: [TestTrial] };
    expect(() => MetadataTestingModule.forRoot(options)).toThrow(
      'MetadataTestingModule: entitys is not known. Did you mean entities?',
    );
  });

  it('refuses a server that nobody answers at', async () => {
    await boot();
    await expect(startTestPostgres({ url: 'postgresql://nobody@127.0.0.1:1/none' })).rejects.toThrow(
      'ECONNREFUSED',
    );
  });
});

it('the embedded server goes with the process that started it, killed or not', async () => {
  const file = join(testServer().folder, 'holder.mjs');
  const program = `
    const { startTestPostgres } = await import('${new URL('../src/testing/index.ts', import.meta.url)}');
    const postgres = await startTestPostgres({ url: '' });
    const { url } = await postgres.createDatabase();
    const { default: pg } = await import('${import.meta.resolve('pg')}');
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query("SELECT current_setting('data_directory') AS folder");
    console.log(rows[0].folder);
    setInterval(() => undefined, 1000);`;
  await writeFile(file, program);
  const child = spawn(process.execPath, ['--import', './test/support/typescript.mjs', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => {
      reject(new Error('The server did not start.'));
    });
  });
  expect(existsSync(folder)).toBe(true);
  child.kill('SIGKILL');
  for (const until = Date.now() + 20_000; existsSync(folder) && Date.now() < until;) await sleep(50);
  expect(existsSync(folder)).toBe(false);
});
