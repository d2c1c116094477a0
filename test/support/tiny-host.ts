import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Injectable,
  Module,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Column,
  DataSource,
  Entity,
  PrimaryColumn,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import {
  allowAll,
  MetadataModule,
  metadataMigrations,
  TrialMetadata,
  type MetadataModuleOptions,
} from '../../src/metadata/index.js';
import { apiClient, type ApiClient } from './api-client.js';
import { createTestDatabase } from './test-database.js';

/** A host that has nothing but trials. */
@Entity('trials')
export class HostTrial {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;
}

class CreateTrials1700000000000 implements MigrationInterface {
  readonly name = 'CreateTrials1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE trials (id bigint PRIMARY KEY, name text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trials');
  }
}

/** Whoever the header `x-user` says: enough to see authors and policies at work. */
@Injectable()
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: unknown }>();
    const name = request.headers['x-user'];
    if (name !== undefined) request.user = { name };
    return true;
  }
}

export interface TinyHost extends ApiClient {
  readonly url: string;
  readonly app: INestApplication;
  readonly dataSource: DataSource;
  /** Makes trials with these ids. */
  addTrials(...ids: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export interface TinyHostOptions {
  readonly module?: Partial<MetadataModuleOptions>;
  /** What the host does to its application before it starts. */
  readonly prepare?: (app: INestApplication) => void;
  /** Connections of the host's pool; 20 by default. */
  readonly connections?: number;
}

/** Boots a host with the plugin under `/api/v1`, its tables, and the default body parser in place. */
export async function bootTinyHost(options: TinyHostOptions = {}): Promise<TinyHost> {
  const database = await createTestDatabase({ empty: true });
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.url,
        entities: [HostTrial, TrialMetadata],
        migrations: [CreateTrials1700000000000, ...metadataMigrations({ trial: { table: 'trials' } })],
        migrationsRun: true,
        poolSize: options.connections ?? 20,
      }),
      MetadataModule.forRoot({ trial: { entity: HostTrial }, access: allowAll, ...options.module }),
    ],
  })
  class HostModule {}
  const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
  const app = testing.createNestApplication({ logger: ['error', 'warn'] });
  app.setGlobalPrefix('api/v1');
  app.useGlobalGuards(new HeaderGuard());
  options.prepare?.(app);
  await app.init();
  const server = app.getHttpServer() as Server; // of Node, under every adapter
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const url = `http://127.0.0.1:${port}`;
  const dataSource = app.get(DataSource);
  return {
    ...apiClient(url, undefined),
    url,
    app,
    dataSource,
    addTrials: async (...ids) => {
      await dataSource.query('INSERT INTO trials (id) SELECT unnest($1::bigint[])', [ids]);
    },
    close: async () => {
      await app.close();
      await database.dispose();
    },
  };
}
