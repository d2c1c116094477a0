import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsoleLogger, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { TrialMetadataClient } from 'nestjs-trial-metadata/client';
import { MetadataTestingModule } from 'nestjs-trial-metadata/testing';
import {
  Column,
  DataSource,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type MigrationInterface,
  type QueryRunner,
  type Relation,
} from 'typeorm';
import {
  allowAll,
  columnJson,
  compileFilter,
  DEFAULT_QUERY_LIMITS,
  FieldCounter,
  MetadataModule,
  metadataMigrations,
  MetadataQueryBuilder,
  parseFilter,
  sql,
  toJsonValue,
  TRIAL_SOURCE,
  trialSourceOf,
  type EntitySource,
  type TrialIdType,
  type TrialSource,
} from '../src/metadata/index.js';
import { apiClient } from './support/api-client.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const SCHEMA = 'The Host';

/** Entities with ids of a type and names that need quotes. */
function entitiesOf(type: TrialIdType) {
  @Entity({ name: 'Labs', schema: SCHEMA })
  class Lab {
    @PrimaryColumn({ type: 'integer', name: 'no.' })
    number!: number;

    @Column({ type: 'text', name: 'select' })
    name!: string;
  }

  @Entity({ name: 'All Studies', schema: SCHEMA })
  class Study {
    @PrimaryColumn({ type, name: 'study id' })
    id!: number | string;

    @Column({ type: 'varchar', name: 'what it is called' })
    label!: string;

    @Column({ type: 'timestamptz', nullable: true, name: 'from' })
    started!: Date | null;

    @ManyToOne(() => Lab, { nullable: false })
    @JoinColumn({ name: 'in lab' })
    lab!: Relation<Lab>;

    @OneToMany(() => Run, ({ study }) => study)
    runs!: Relation<Run>[];
  }

  @Entity({ name: 'Run', schema: SCHEMA })
  class Run {
    @PrimaryColumn({ type, name: 'Run Key' })
    key!: number | string;

    @Column({ type: 'text', name: 'table' })
    title!: string;

    @Column({ type: 'integer', nullable: true })
    labNumber!: number | null;

    @ManyToOne(() => Study, ({ runs }) => runs, { onDelete: 'CASCADE' })
    @JoinColumn({ name: 'of study' })
    study!: Relation<Study> | null;
  }
  return { Lab, Study, Run };
}

/** Ids of a type, in ascending order. */
const IDS: Readonly<Record<TrialIdType, (n: number) => number | string>> = {
  integer: (n) => n,
  bigint: (n) => 9_007_199_254_740_000 + n,
  uuid: (n) => `00000000-0000-4000-8000-00000000000${n}`,
};

describe.each(['integer', 'bigint', 'uuid'] as const)(
  'a host with trials and experiments of its own, whose ids are %s',
  (type) => {
    const { Lab, Study, Run } = entitiesOf(type);
    const idOf = IDS[type];
    let database: TestDatabase;
    let app: INestApplication;
    let client: TrialMetadataClient;
    let dataSource: DataSource;

    const source: EntitySource = {
      joins: [
        { name: 'experiment', entity: Study, on: 'study' },
        { name: 'lab', entity: Lab, on: 'lab', from: 'experiment' },
        { name: 'bench', entity: Lab, on: { labNumber: 'number' } },
      ],
      columns: {
        'trial.title': 'title',
        'trial.id': 'key',
        'experiment.id': 'id',
        'experiment.name': 'label',
        'experiment.started': 'started',
        'lab.name': 'name',
        'bench.name': 'name',
      },
      scope: 'experiment.id',
    };

    beforeAll(async () => {
      database = await createTestDatabase({ empty: true });
      const owner = await new DataSource({ type: 'postgres', url: database.url }).initialize();
      await owner.query(`CREATE SCHEMA "The Host"`);
      await owner.destroy();
      const trial = { entity: Run, id: 'key' };
      const testing = await Test.createTestingModule({
        imports: [
          MetadataTestingModule.forRoot({
            url: database.url,
            trial,
            entities: [Study, Lab],
            metadata: { source },
          }),
        ],
      }).compile();
      app = testing.createNestApplication();
      app.useLogger(['error', 'warn']);
      await app.listen(0, '127.0.0.1');
      const server = app.getHttpServer() as Server; // of Node, under Express
      const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
      const url = `http://127.0.0.1:${port}`;
      client = apiClient(url, undefined).clientWith({ baseUrl: url });
      dataSource = app.get(DataSource);
      await dataSource.getRepository(Lab).save([
        { number: 1, name: 'north' },
        { number: 2, name: 'south' },
      ]);
      await dataSource.getRepository(Study).save([
        { id: idOf(1), label: 'MNIST', started: new Date('2024-05-01T10:00:00Z'), lab: { number: 1 } },
        { id: idOf(2), label: 'ImageNet', started: null, lab: { number: 2 } },
      ]);
      await dataSource.getRepository(Run).save([
        { key: idOf(1), title: 'first', study: { id: idOf(1) }, labNumber: 2 },
        { key: idOf(2), title: 'second', study: { id: idOf(1) }, labNumber: null },
        { key: idOf(3), title: 'third', study: { id: idOf(2) }, labNumber: 1 },
        // Of no experiment, and so of no lab.
        { key: idOf(4), title: 'fourth', study: null, labNumber: 7 },
      ]);
      for (const [n, gpu] of [
        [1, 'A100'],
        [2, 'H100'],
        [3, 'A100'],
        [4, 'T4'],
      ] as const) {
        await client.reportMetadata(idOf(n), { gpu, [`of${n}`]: n });
      }
    });

    afterAll(async () => {
      await app.close();
      await database.dispose();
    });

    const gpus = async (condition: object) => {
      const { items } = await client.values({ field: 'metadata.gpu', filter: JSON.stringify(condition) });
      return items.map(({ value, count }) => `${String(value)} ${count}`);
    };

    it('filters by columns of the trial, of its experiment and of what that belongs to', async () => {
      expect(await gpus({ field: 'experiment.name', operator: 'contains', value: 'mn' })).toEqual([
        'A100 1',
        'H100 1',
      ]);
      expect(await gpus({ field: 'lab.name', operator: 'is', value: 'south' })).toEqual(['A100 1']);
      expect(await gpus({ field: 'bench.name', operator: 'is', value: 'south' })).toEqual(['A100 1']);
      expect(await gpus({ field: 'trial.title', operator: 'startsWith', value: 'FOU' })).toEqual(['T4 1']);
      const early = { field: 'experiment.started', operator: 'lt', value: '2024-05-01T12:30:00+02:00' };
      expect(await gpus({ and: [early, { field: 'trial.id', operator: 'is', value: idOf(2) }] })).toEqual([
        'H100 1',
      ]);
      expect(await gpus({ field: 'experiment.id', operator: 'is', value: idOf(2) })).toEqual(['A100 1']);
    });

    it('a trial of no experiment misses its columns, and is lost to no other question', async () => {
      expect(await gpus({ field: 'experiment.name', operator: 'isMissing' })).toEqual(['T4 1']);
      expect(await gpus({ field: 'lab.name', operator: 'isNot', value: 'north' })).toEqual([
        'A100 1',
        'T4 1',
      ]);
      const { items } = await client.values({ field: 'experiment.name' });
      expect(items).toEqual([
        { value: 'MNIST', count: 2 },
        { value: 'ImageNet', count: 1 },
      ]);
    });

    it('counts known fields by experiment, also when a trial moves to another or goes', async () => {
      const fieldsOf = async (scope: number | string) => {
        // The description says an integer; here it is the host's own.
        const { items } = await client.fields({ projectId: scope as number });
        return items.map(({ path, trials }) => `${path} ${trials}`);
      };
      expect(await fieldsOf(idOf(1))).toEqual(['gpu 2', 'of1 1', 'of2 1']);
      expect(await fieldsOf(idOf(2))).toEqual(['gpu 1', 'of3 1']);
      expect((await client.fields({ q: 'of' })).items).toHaveLength(4);
      const runs = dataSource.getRepository(Run);
      const second = sql`SELECT "Run Key" FROM "The Host"."Run" WHERE "table" = 'second'`;
      const move = (id: number | string) =>
        dataSource.transaction((manager) =>
          app.get(FieldCounter).move(manager, second, async () => {
            await manager.update(Run, { title: 'second' }, { study: { id } });
          }),
        );
      await move(idOf(2));
      expect(await fieldsOf(idOf(1))).toEqual(['gpu 1', 'of1 1']);
      expect(await fieldsOf(idOf(2))).toEqual(['gpu 2', 'of2 1', 'of3 1']);
      await move(idOf(1));
      await dataSource.transaction(async (manager) => {
        await app.get(FieldCounter).forget(manager, second);
        await manager.delete(Run, { title: 'second' });
      });
      expect(await fieldsOf(idOf(1))).toEqual(['gpu 1', 'of1 1']);
      await runs.save({ key: idOf(2), title: 'second', study: { id: idOf(1) }, labNumber: null });
      await client.reportMetadata(idOf(2), { gpu: 'H100', of2: 2 });
    });

    it('filters and sorts a query of its own by them, beside metadata', async () => {
      const { columns } = app.get<TrialSource>(TRIAL_SOURCE);
      const query = () =>
        dataSource
          .getRepository(Run)
          .createQueryBuilder('trial')
          .leftJoinAndSelect('trial.study', 'experiment')
          .leftJoinAndSelect('experiment.lab', 'lab');
      const find = async (filter: object | undefined, sort: readonly object[]) => {
        const builder = app.get(MetadataQueryBuilder);
        const found = builder.apply(query(), { trialId: 'trial.key', filter, sort, columns });
        return (await found.getMany()).map(({ title }) => title);
      };
      const byLabAndGpu = [
        { field: 'lab.name', direction: 'desc' },
        { field: 'metadata.gpu', direction: 'desc' },
      ];
      expect(await find(undefined, byLabAndGpu)).toEqual(['third', 'second', 'first', 'fourth']);
      const north = { field: 'lab.name', operator: 'is', value: 'north' };
      expect(await find(north, [{ field: 'trial.title', direction: 'desc' }])).toEqual(['second', 'first']);
      const a100 = { field: 'metadata.gpu', operator: 'is', value: 'A100' };
      expect(await find({ and: [a100, { not: north }] }, [])).toEqual(['third']);
    });

    it('says which names there are when one is unknown', async () => {
      await expect(gpus({ field: 'experiment.nam', operator: 'exists' })).rejects.toMatchObject({
        status: 400,
        errors: [
          { code: 'unknown_column', message: expect.stringContaining('Did you mean experiment.name?') },
        ],
      });
    });
  },
);

@Entity('owners')
class Owner {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  team!: string;
}

/** A property of every type that a column may have, and some that none may. */
@Entity('all_types')
class AllTypes {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'smallint', nullable: true })
  small!: number | null;

  @Column({ type: 'bigint', nullable: true })
  big!: string | null;

  @Column({ type: 'numeric', nullable: true })
  exact!: string | null;

  @Column({ type: 'real', nullable: true })
  real!: number | null;

  @Column({ type: 'float8', nullable: true })
  double!: number | null;

  @Column({ type: 'char', length: 4, nullable: true })
  padded!: string | null;

  @Column({ type: 'enum', enum: ['queued', 'running'], nullable: true })
  state!: string | null;

  @Column({ type: 'uuid', nullable: true })
  uuid!: string | null;

  @Column({ type: Boolean, nullable: true })
  flag!: boolean | null;

  @Column({ type: 'timestamp', nullable: true })
  local!: string | null;

  @Column({ type: 'date', nullable: true })
  day!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  document!: object | null;

  @Column({ type: 'json', nullable: true })
  text!: object | null;

  @Column({ type: 'text', array: true, nullable: true })
  labels!: string[] | null;

  @Column({ type: 'interval', nullable: true })
  took!: string | null;

  @ManyToOne(() => Owner)
  owner!: Relation<Owner> | null;

  @OneToMany(() => AllTypes, ({ parent }) => parent)
  children!: Relation<AllTypes>[];

  @ManyToOne(() => AllTypes, ({ children }) => children)
  parent!: Relation<AllTypes> | null;
}

describe('what a host says of its entities', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    const entities = [AllTypes, Owner];
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities,
      synchronize: true,
    }).initialize();
    const id = '0b5c1c2e-1111-4222-8333-444455556666';
    await dataSource.getRepository(Owner).save({ id, team: 'vision' });
    await dataSource.query(
      `INSERT INTO all_types (id, small, big, exact, real, double, padded, state, uuid, flag, local, day, document, text, labels)
       VALUES (1, 3, 9007199254740993, 0.10, 0.1, 0.1, 'ab', 'running', $1, true, '2024-05-01 10:00', '2024-05-01', '{"a": 1}', '[1]', '{x,y}'),
              (2, NULL, NULL, NULL, 'NaN', '-Infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
      [id],
    );
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  const trial = { entity: AllTypes };
  const sourceOf = (source: EntitySource) => trialSourceOf(dataSource, { ...source, trial });

  it.each<[string, string, unknown, string]>([
    ['small', 'is', 3, '3'],
    ['big', 'is', 9007199254740992, 'none'],
    ['big', 'gt', 9007199254740992, '9007199254740993'],
    ['exact', 'is', 0.1, '0.10'],
    ['real', 'is', 0.1, '0.1'],
    ['double', 'between', [0.1, 0.1], '0.1'],
    ['padded', 'is', 'ab', '"ab"'],
    ['state', 'startsWith', 'RUN', '"running"'],
    ['uuid', 'is', '0b5c1c2e-1111-4222-8333-444455556666', '"0b5c1c2e-1111-4222-8333-444455556666"'],
    ['uuid', 'in', ['x', '0b5c1c2e-1111-4222-8333-444455556666'], '"0b5c1c2e-1111-4222-8333-444455556666"'],
    ['uuid', 'is', '0B5C1C2E-1111-4222-8333-444455556666', 'none'],
    ['uuid', 'is', '0b5c1c2e', 'none'],
    ['uuid', 'startsWith', '0b5c', '"0b5c1c2e-1111-4222-8333-444455556666"'],
    ['uuid', 'contains', '4444', '"0b5c1c2e-1111-4222-8333-444455556666"'],
    ['flag', 'is', true, 'true'],
    ['local', 'is', '2024-05-01T12:00+02:00', '"2024-05-01T10:00:00.000Z"'],
    ['day', 'lte', '2024-05-01', '"2024-05-01T00:00:00.000Z"'],
    ['document', 'is', { a: 1 }, '{"a": 1}'],
    ['text', 'contains', 1, '[1]'],
    ['labels', 'contains', 'y', '["x", "y"]'],
  ])('a column of the property %s %s %j', async (property, operator, value, shown) => {
    const { from, columns } = sourceOf({ columns: { 'trial.x': property } });
    const filter = parseFilter(toJsonValue({ field: 'trial.x', operator, value }, { maxDepth: 10 }), {
      columns,
      limits: DEFAULT_QUERY_LIMITS,
    });
    const column = columns.get('trial.x')!;
    const where = compileFilter(filter, { document: sql`NULL::jsonb` });
    const found =
      sql`SELECT ${columnJson(column)}::text AS "shown" FROM ${from} WHERE ${where}`.toPositional();
    const rows: readonly { shown: string }[] = await dataSource.query(found.text, [...found.values]);
    expect(rows.map((row) => row.shown).join() || 'none').toBe(shown);
    // The other row has none of them; NaN and infinity count as none.
    const missing =
      sql`SELECT count(*)::integer AS "rows" FROM ${from} WHERE ${column.sql} IS NULL`.toPositional();
    expect(await dataSource.query(missing.text)).toEqual([{ rows: 1 }]);
  });

  it('looks a uuid up by its index', async () => {
    const { from, columns } = trialSourceOf(dataSource, {
      columns: { 'trial.key': 'id' },
      trial: { entity: Owner },
    });
    const condition = { field: 'trial.key', operator: 'is', value: '0b5c1c2e-1111-4222-8333-444455556666' };
    const filter = parseFilter(toJsonValue(condition, { maxDepth: 10 }), {
      columns,
      limits: DEFAULT_QUERY_LIMITS,
    });
    const where = compileFilter(filter, { document: sql`NULL::jsonb` });
    const { text, values } = sql`EXPLAIN SELECT FROM ${from} WHERE ${where}`.toPositional();
    const plan = await dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off');
      return await manager.query<unknown>(text, [...values]);
    });
    expect(JSON.stringify(plan)).toContain('Index Cond: (id = ');
  });

  it('joins by a relation, or by properties that are equal', () => {
    const textOf = (source: EntitySource) =>
      sourceOf(source).joins.map((join) => join.sql.toPositional().text);
    const joins = [
      { name: 'owner', entity: Owner, on: 'owner' },
      { name: 'same', entity: Owner, on: { uuid: 'id' } },
    ];
    expect(textOf({ joins, columns: {} })).toEqual([
      'LEFT JOIN "owners" AS "owner" ON "owner"."id" = "trial"."ownerId"',
      'LEFT JOIN "owners" AS "same" ON "same"."id" = "trial"."uuid"',
    ]);
  });

  it.each<[EntitySource, string]>([
    [
      { columns: { 'trial.x': 'nothing' } },
      'columns "trial.x": AllTypes has no column for "nothing". Known: id, small',
    ],
    [{ columns: { title: 'id' } }, 'columns "title": a name is like trial.title'],
    [{ columns: { 'run.id': 'id' } }, 'columns "run.id": "run" is none of trial'],
    [{ columns: { 'trial.took': 'took' } }, 'columns "trial.took": AllTypes.took is of type interval, which'],
    [{ columns: { 'trial.id': 'id' }, scope: 'trial.team' }, 'scope: "trial.team" is not among the columns'],
    [
      { joins: [{ name: 'trial_metadata', entity: Owner, on: 'owner' }], columns: {} },
      'joins "trial_metadata": a name is made of letters',
    ],
    [
      { joins: [{ name: 'day', entity: Date, on: 'owner' }], columns: {} },
      'joins "day": the entity Date is not among the entities',
    ],
    [
      { joins: [{ name: 'owner', entity: Owner, on: 'owns' }], columns: {} },
      'joins "owner": AllTypes has no relation "owns"',
    ],
    [
      { joins: [{ name: 'child', entity: AllTypes, on: 'children' }], columns: {} },
      'joins "child": AllTypes.children is neither many-to-one nor',
    ],
    [
      { joins: [{ name: 'owner', entity: AllTypes, on: 'owner' }], columns: {} },
      'joins "owner": AllTypes.owner leads to Owner, not to AllTypes',
    ],
    [
      { joins: [{ name: 'owner', entity: Owner, on: { uuid: 'team' } }], columns: {} },
      'joins "owner": on must name the primary key of Owner or a unique one, not team',
    ],
    [
      { joins: [{ name: 'owner', entity: Owner, on: { id: 'id' } }], columns: {} },
      'joins "owner": AllTypes.id is of type integer and Owner.id of uuid; they never are equal',
    ],
    [
      { joins: [{ name: 'owner', entity: Owner, on: 'owner', from: 'team' }], columns: {} },
      'joins "owner": "team" is none of trial',
    ],
  ])('%j is refused in one line', (source, message) => {
    expect(() => sourceOf(source)).toThrow(`MetadataModule: source.${message}`);
  });
});

describe('a host without experiments, whose trials have no entity', () => {
  it('has nothing but metadata to name, and says so', async () => {
    const database = await createTestDatabase({ empty: true });
    const trial = { table: 'plain trials', column: 'no.', type: 'integer' } as const;
    class CreateTrials1700000000000 implements MigrationInterface {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('CREATE TABLE "plain trials" ("no." integer PRIMARY KEY)');
        await runner.query('INSERT INTO "plain trials" VALUES (1), (2)');
      }

      async down(runner: QueryRunner): Promise<void> {
        await runner.query('DROP TABLE "plain trials"');
      }
    }
    const migrations = [CreateTrials1700000000000, ...metadataMigrations({ trial })];
    const hostWith = async (source?: EntitySource) => {
      const imports = [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: database.url,
          migrations,
          migrationsRun: true,
          retryAttempts: 0,
        }),
        MetadataModule.forRoot({ trial, access: allowAll, source }),
      ];
      const quiet = new ConsoleLogger({ logLevels: ['fatal'] });
      const testing = await Test.createTestingModule({ imports }).setLogger(quiet).compile();
      const app = testing.createNestApplication();
      await app.listen(0, '127.0.0.1');
      return app;
    };
    const app = await hostWith();
    const url = await app.getUrl();
    const client = apiClient(url, undefined).clientWith({ baseUrl: url });
    await client.reportMetadata(1, { gpu: 'A100' });
    expect((await client.values({ field: 'metadata.gpu' })).items).toEqual([{ value: 'A100', count: 1 }]);
    expect((await client.fields()).items).toMatchObject([{ path: 'gpu', trials: 1 }]);
    await expect(client.values({ field: 'experiment.name' })).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'unknown_column' }],
    });
    await app.close();
    await expect(hostWith({ columns: { 'trial.id': 'id' } })).rejects.toThrow('so trial must name one');
    await database.dispose();
  });
});
