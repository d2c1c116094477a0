import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import {
  ExperimentsAccessPolicy,
  ExperimentsModule,
  experimentsMigrations,
  type ExperimentsModuleOptions,
} from '../../src/experiments/index.js';
import { metadataMigrations } from '../../src/metadata/index.js';
import { apiClient, type ApiClient } from '../support/api-client.js';
import { createTestDatabase } from '../support/test-database.js';

/** A user by the name of the header `x-user`; without one `admin`. */
interface User {
  readonly name: string;
}

/**
 * `admin` may do everything; anyone else may edit what he has created and view projects that are called "public". Nobody
 * else's are visible. A user called `reader` may create nothing.
 */
@Injectable()
class OwnersPolicy extends ExperimentsAccessPolicy<User> {
  private readonly owned = new Map<string, Set<number>>();

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async visibleProjects({ name }: User): Promise<'all' | readonly number[]> {
    if (name === 'admin') return 'all';
    const rows: readonly { id: string }[] = await this.dataSource.query(
      `SELECT id FROM projects WHERE starts_with(name, 'public')`,
    );
    return [...(this.owned.get(name) ?? []), ...rows.map(({ id }) => Number(id))];
  }

  async canViewProject(user: User, projectId: number): Promise<boolean> {
    const visible = await this.visibleProjects(user);
    return visible === 'all' || visible.includes(projectId);
  }

  canEditProject({ name }: User, projectId: number): boolean {
    return name === 'admin' || (this.owned.get(name)?.has(projectId) ?? false);
  }

  canCreateProject({ name }: User): boolean {
    return name !== 'reader';
  }

  override projectCreated({ name }: User, projectId: number): void {
    this.owned.set(name, (this.owned.get(name) ?? new Set()).add(projectId));
  }
}

@Injectable()
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: User }>();
    request.user = { name: request.headers['x-user'] ?? 'admin' };
    return true;
  }
}

export interface ExperimentsHost extends ApiClient {
  readonly url: string;
  readonly dataSource: DataSource;
  /** The same requests by another user. */
  as(name: string): Pick<ApiClient, 'client' | 'send'>;
  /** The only value of a query's only row. */
  value(query: string, parameters?: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Boots a host that has the experiments module under `/api/v1`, with users and an access policy, on tables of its own. */
export async function bootExperimentsHost(
  options: Partial<ExperimentsModuleOptions> = {},
): Promise<ExperimentsHost> {
  const database = await createTestDatabase({ empty: true });
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.url,
        autoLoadEntities: true,
        migrations: [...experimentsMigrations, ...metadataMigrations({ trial: { table: 'trials' } })],
        migrationsRun: true,
      }),
      ExperimentsModule.forRoot({ access: OwnersPolicy, ...options }),
    ],
  })
  class HostModule {}
  const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
  const app = testing.createNestApplication();
  app.setGlobalPrefix('api/v1');
  app.useGlobalGuards(new HeaderGuard());
  await app.init();
  const server = app.getHttpServer() as Server; // of Node, under Express
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const client = apiClient(`http://127.0.0.1:${port}`, undefined);
  const dataSource = app.get(DataSource);
  return {
    ...client,
    url: `http://127.0.0.1:${port}`,
    dataSource,
    as: (name) => ({
      client: client.clientWith({ headers: { 'x-user': name } }),
      send: (method, path, body, headers) => client.send(method, path, body, { 'x-user': name, ...headers }),
    }),
    value: async (query, parameters = []) => {
      const [row]: readonly Record<string, unknown>[] = await dataSource.query(query, [...parameters]);
      return Object.values(row ?? {})[0];
    },
    close: async () => {
      await app.close();
      await database.dispose();
    },
  };
}
