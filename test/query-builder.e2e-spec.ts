import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  allowAll,
  MetadataModule,
  metadataMigrations,
  MetadataQueryBuilder,
  MetadataService,
  TrialMetadata,
  trialMetadataOf,
  TrustedUser,
} from 'nestjs-trial-metadata';
import {
  Column,
  DataSource,
  Entity,
  PrimaryColumn,
  type MigrationInterface,
  type QueryRunner,
  type SelectQueryBuilder,
} from 'typeorm';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

@Entity('runs')
class Run {
  @PrimaryColumn({ type: 'uuid' })
  key!: string;

  @Column({ type: 'text' })
  team!: string;
}

class CreateRuns1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE runs (key uuid PRIMARY KEY, team text NOT NULL)');
    await runner.query('CREATE SCHEMA "the Plugin"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE runs');
  }
}

const keyOf = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;
const A100 = { field: 'metadata.gpu', operator: 'is', value: 'A100' };
const BY_SEED = [{ field: 'metadata.seed', direction: 'desc', as: 'number' }];

describe.each([
  ['no entity of metadata', undefined, []],
  ['no entity of metadata', 'the Plugin', []],
  ['the entity TrialMetadata', undefined, [TrialMetadata]],
  ['the entity TrialMetadata', 'the Plugin', [TrialMetadata]],
  ['an entity of trialMetadataOf', 'the Plugin', [trialMetadataOf({ trial: () => Run, id: 'key', schema: 'the Plugin' })]], // prettier-ignore
] as const)('MetadataQueryBuilder with %s and the schema %s', (_name, schema, entities) => {
  let database: TestDatabase;
  let app: TestingModule;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    const trial = { table: 'runs', column: 'key', type: 'uuid' } as const;
    @Module({
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: database.url,
          entities: [Run, ...entities],
          migrations: [CreateRuns1700000000000, ...metadataMigrations({ trial, schema })],
          migrationsRun: true,
          retryAttempts: 0,
        }),
        MetadataModule.forRoot({ trial: { entity: Run, id: 'key' }, access: allowAll, schema }),
      ],
    })
    class HostModule {}
    app = await Test.createTestingModule({ imports: [HostModule] }).compile();
    await app.init();
    const runs = app.get(DataSource).getRepository(Run);
    const metadata = app.get(MetadataService);
    for (const [team, gpu] of [
      ['a', 'A100'],
      ['a', 'V100'],
      ['b', 'A100'],
      ['b', 'V100'],
      ['c', 'A100'],
    ]) {
      const index = (await runs.count()) + 1;
      await runs.save({ key: keyOf(index), team: team ?? '' });
      await metadata.report(new TrustedUser(), keyOf(index), { gpu, seed: index });
    }
    await runs.save({ key: keyOf(9), team: 'a' });
  });

  afterAll(async () => {
    await app.close();
    await database.dispose();
  });

  const runs = () => app.get(DataSource).getRepository(Run).createQueryBuilder('run');
  const found = async (builder: SelectQueryBuilder<Run>) =>
    (await builder.getMany()).map(({ key }) => Number(key.at(-1)));
  const apply = (builder: SelectQueryBuilder<Run>, filter?: object, sort?: object) =>
    app.get(MetadataQueryBuilder).apply(builder, { trialId: 'run.key', filter, sort });

  it('finds the table of the module, with every trial in it or not', async () => {
    expect(await found(apply(runs(), A100, BY_SEED))).toEqual([5, 3, 1]);
    expect(await found(apply(runs(), undefined, BY_SEED))).toEqual([5, 4, 3, 2, 1, 9]);
    expect(await found(apply(runs(), A100, BY_SEED).take(1).skip(1))).toEqual([3]);
    const none = { field: 'metadata.gpu', operator: 'isMissing' };
    expect(await found(apply(apply(runs(), none).orWhere('false'), none))).toEqual([9]);
  });

  it('keeps to the filter when the query has an OR of its own, whose parameters stay', async () => {
    const either = () => runs().where('run.team = :a', { a: 'a' }).orWhere('run.team = :b', { b: 'b' });
    expect(await found(apply(either(), A100, BY_SEED))).toEqual([3, 1]);
    expect(await found(apply(apply(either(), A100), { not: A100 }))).toEqual([]);
    const written = runs().where('run.team = :a OR run.team = :b', { a: 'a', b: 'b' });
    expect(await found(apply(written, A100, BY_SEED))).toEqual([3, 1]);
    expect(apply(either(), A100).getSql()).toContain(
      'WHERE ("run"."team" = $1 OR "run"."team" = $2) AND (metadata_1.metadata @>',
    );
  });

  it('puts nothing round a query without conditions', () => {
    expect(apply(runs(), A100).getSql()).toContain('WHERE (metadata_1.metadata @>');
  });

  it('keeps all of the conditions together', () => {
    const both = runs().where('run.team = :a', { a: 'a' }).andWhere('run.key IS NOT NULL');
    expect(apply(both, A100).getSql()).toContain(
      'WHERE ("run"."team" = $1 AND "run"."key" IS NOT NULL) AND (metadata_1.metadata @>',
    );
  });
});
