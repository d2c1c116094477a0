import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Injectable,
  Module,
  VersioningType,
  type DynamicModule,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  allowAll,
  MetadataModule,
  metadataMigrations,
  MetadataService,
  TrustedUser,
  type MetadataOptions,
} from 'nestjs-trial-metadata';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { apiClient, type ApiClient } from './support/api-client.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

class CreateTrials1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE trials (id bigint PRIMARY KEY)');
    await runner.query('INSERT INTO trials VALUES (1), (2)');
    await runner.query('CREATE SCHEMA plugin');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trials');
  }
}

const trial = { table: 'trials' };
const extras = { trial, access: allowAll };

/** The host's settings, as a service that a factory or a class gets injected. */
@Injectable()
class Settings {
  readonly depth = 3;
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class OptionsFactory {
  constructor(private readonly settings: Settings) {}

  createMetadataOptions(): MetadataOptions {
    return { limits: { depth: this.settings.depth } };
  }
}

@Module({ imports: [SettingsModule], providers: [OptionsFactory], exports: [OptionsFactory] })
class FactoryModule {}

interface Host extends ApiClient {
  readonly url: string;
  readonly app: INestApplication;
  close(): Promise<void>;
}

interface HostOptions {
  readonly imports: readonly (DynamicModule | Type)[];
  /** Name of the data source; absent: the default one. */
  readonly name?: string;
  readonly schema?: string;
  readonly fastify?: boolean;
  readonly prepare?: (app: INestApplication) => void;
}

async function bootHost(database: TestDatabase, options: HostOptions): Promise<Host> {
  const { name, schema, prepare } = options;
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.url,
        ...(name === undefined ? {} : { name }),
        migrations: [CreateTrials1700000000000, ...metadataMigrations({ trial, schema })],
        migrationsRun: true,
        retryAttempts: 0,
      }),
      ...options.imports,
    ],
  })
  class HostModule {}
  const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
  const app = options.fastify
    ? testing.createNestApplication(new FastifyAdapter())
    : testing.createNestApplication();
  app.useLogger(['error', 'warn']);
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server; // of Node, under both adapters
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const url = `http://127.0.0.1:${port}`;
  return { ...apiClient(url, undefined), url, app, close: () => app.close() };
}

describe('a host mounts the plugin', () => {
  let database: TestDatabase;
  const hosts: Host[] = [];

  const boot = async (options: HostOptions) => {
    const host = await bootHost(database, options);
    hosts.push(host);
    return host;
  };

  /** The host's routes are at its root, unless it has a prefix. */
  const clientOf = (host: Host) => host.clientWith({ baseUrl: host.url });

  const expectExactReport = async (host: Host, path: string) => {
    const answer = await host.post(path, '{"metadata": {"n": 9007199254740993, "constructor": 1.50}}');
    expect(answer.text).toContain('"metadata":{"n": 9007199254740993, "constructor": 1.50}');
  };

  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()));
    await database.dispose();
  });

  it.each([
    [
      'useFactory with injection',
      MetadataModule.forRootAsync({
        ...extras,
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: ({ depth }: Settings) => ({ limits: { depth } }),
      }),
    ],
    [
      'useClass',
      MetadataModule.forRootAsync({ ...extras, imports: [SettingsModule], useClass: OptionsFactory }),
    ],
    [
      'useExisting',
      MetadataModule.forRootAsync({ ...extras, imports: [FactoryModule], useExisting: OptionsFactory }),
    ],
  ])('with options from forRootAsync: %s', async (_name, module) => {
    const host = await boot({ imports: [module] });
    expect((await clientOf(host).limits())['depth']).toBe(3);
    const tooDeep = clientOf(host).reportMetadata(1, { a: { b: { c: {} } } });
    await expect(tooDeep).rejects.toMatchObject({ status: 400, errors: [{ limit: 3 }] });
  });

  it.each([false, true])(
    'below a prefix of RouterModule, a global one and a version (Fastify: %s)',
    async (fastify) => {
      const host = await boot({
        imports: [
          MetadataModule.forRoot(extras),
          RouterModule.register([{ path: 'tracking', module: MetadataModule }]),
        ],
        fastify,
        prepare: (app) => {
          app.setGlobalPrefix('lab');
          app.enableVersioning({ type: VersioningType.URI, defaultVersion: '3' });
        },
      });
      await expectExactReport(host, '//lab/v3/tracking/trials/1/metadata');
      expect((await host.get('//trials/1/metadata')).status).toBe(404);
    },
  );

  it('on a named data source, with its tables in a schema of their own', async () => {
    const host = await boot({
      name: 'tracking',
      schema: 'plugin',
      imports: [MetadataModule.forRoot({ ...extras, dataSource: 'tracking', schema: 'plugin' })],
    });
    await expectExactReport(host, '//trials/1/metadata');
    expect((await clientOf(host).values({ field: 'metadata.n' })).items).toHaveLength(1);
  });

  it('without routes, for its own code', async () => {
    const host = await boot({
      imports: [MetadataModule.forRoot({ ...extras, controllers: false, global: true })],
    });
    expect((await host.get('//trials/1/metadata')).status).toBe(404);
    const service = host.app.get(MetadataService);
    const record = await service.report(new TrustedUser('nightly job'), 1, { gpu: 'A100' });
    expect([record.revision, record.updatedBy]).toEqual([1, 'nightly job']);
  });

  it('twice in one process, each with its own options', async () => {
    const module = (depth: number) => MetadataModule.forRoot({ ...extras, limits: { depth } });
    const first = await boot({ imports: [module(2)] });
    const second = await boot({ imports: [module(5)] });
    expect((await clientOf(first).limits())['depth']).toBe(2);
    expect((await clientOf(second).limits())['depth']).toBe(5);
    await expectExactReport(first, '//trials/1/metadata');
    expect((await clientOf(second).readMetadata(1)).revision).toBe(1);
  });
});
