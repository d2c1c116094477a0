import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConsoleLogger,
  Injectable,
  Module,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
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
  type TrialIdType,
} from '../../src/metadata/index.js';
import { apiClient, type ApiClient } from './api-client.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A host that has nothing but trials. */
@Entity('trials')
export class HostTrial {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;
}

/** A host whose trials have another table, column and property, and an id of another type. */
export function otherTrialEntity(type: TrialIdType): new () => object {
  @Entity('TrainingRuns')
  class TrainingRun {
    @PrimaryColumn({ type, name: 'Run "key"' })
    key!: unknown;

    @Column({ type: 'text', nullable: true })
    name!: string | null;
  }
  return TrainingRun;
}

interface HostTable {
  readonly table: string;
  readonly column: string;
  readonly type: TrialIdType;
}

/** Makes the host's table of trials, as its migration would. */
function createTrials({ table, column, type }: HostTable): new () => MigrationInterface {
  return class CreateTrials1700000000000 implements MigrationInterface {
    readonly name = 'CreateTrials1700000000000';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`CREATE TABLE ${quoted(table)} (${quoted(column)} ${type} PRIMARY KEY, name text)`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`DROP TABLE ${quoted(table)}`);
    }
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
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
  addTrials(...ids: readonly (number | string)[]): Promise<void>;
  close(): Promise<void>;
}

export interface TinyHostOptions {
  /** `express` by default. */
  readonly adapter?: 'express' | 'fastify';
  readonly module?: Partial<MetadataModuleOptions>;
  /** Another type of id, and with it {@link otherTrialEntity} in the place of {@link HostTrial}. */
  readonly idType?: TrialIdType;
  /** An entity that {@link otherTrialEntity} gave; absent: one of its own. */
  readonly trialEntity?: new () => object;
  /** What `trialMetadataOf` made for that entity; absent: {@link TrialMetadata}. */
  readonly metadataEntity?: new () => TrialMetadata;
  /** What the host does to its application before it starts. */
  readonly prepare?: (app: INestApplication) => void;
  /** Connections of the host's pool; 20 by default. */
  readonly connections?: number;
}

/** Boots a host with the plugin under `/api/v1`, its tables, and the default body parser in place. */
export async function bootTinyHost(options: TinyHostOptions = {}): Promise<TinyHost> {
  const database = await createTestDatabase({ empty: true });
  try {
    return await bootOn(database, options);
  } catch (error) {
    await database.dispose();
    throw error;
  }
}

async function bootOn(database: TestDatabase, options: TinyHostOptions): Promise<TinyHost> {
  const { idType } = options;
  const Trial = options.trialEntity ?? (idType === undefined ? HostTrial : otherTrialEntity(idType));
  const trial: HostTable =
    idType === undefined
      ? { table: 'trials', column: 'id', type: 'bigint' }
      : { table: 'TrainingRuns', column: 'Run "key"', type: idType };
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.url,
        entities: [Trial, options.metadataEntity ?? TrialMetadata],
        migrations: [createTrials(trial), ...metadataMigrations({ trial })],
        migrationsRun: true,
        retryAttempts: 0,
        poolSize: options.connections ?? 20,
      }),
      MetadataModule.forRoot({
        trial: { entity: Trial, id: idType === undefined ? 'id' : 'key' },
        access: allowAll,
        ...options.module,
      }),
    ],
  })
  class HostModule {}
  // A host that fails to start on purpose would fill the screen.
  const quiet = new ConsoleLogger({ logLevels: ['fatal'] });
  const testing = await Test.createTestingModule({ imports: [HostModule] })
    .setLogger(quiet)
    .compile();
  const adapter: AbstractHttpAdapter =
    options.adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = testing.createNestApplication(adapter);
  app.useLogger(['error', 'warn']);
  app.setGlobalPrefix('api/v1');
  app.useGlobalGuards(new HeaderGuard());
  options.prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server; // of Node, under every adapter
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const url = `http://127.0.0.1:${port}`;
  const dataSource = app.get(DataSource);
  return {
    ...apiClient(url, undefined),
    url,
    app,
    dataSource,
    addTrials: async (...ids) => {
      await dataSource.query(`INSERT INTO ${quoted(trial.table)} SELECT unnest($1::${trial.type}[])`, [ids]);
    },
    close: async () => {
      await app.close();
      await database.dispose();
    },
  };
}
