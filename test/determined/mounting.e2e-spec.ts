import 'reflect-metadata';
import type { Server } from 'node:http';
import {
  Injectable,
  Module,
  UnauthorizedException,
  ValidationPipe,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DeterminedModule } from '../../src/determined/index.js';
import { allowAllProjects, ExperimentsModule } from '../../src/experiments/index.js';
import { apiClient, type ApiClient } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** An error that only the host knows. */
class ClosedError extends Error {}

@Injectable()
class HostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-host'] === 'closed') throw new ClosedError('We are closed.');
    if (headers['x-host'] === 'broken') throw new Error('secret reason');
    if (headers.authorization === undefined) throw new UnauthorizedException();
    return true;
  }
}

/** How each adapter's clients name the key `k/y`: see joinKeySegments. */
const SLASH = { Express: 'k/y', Fastify: 'k%2Fy' } as const;

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const)('DeterminedModule in a host of its own on %s', (adapter, makeAdapter) => {
  let database: TestDatabase;
  let url: string;
  let host: ApiClient;
  let close: () => Promise<void>;
  const noted: unknown[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const experiments = ExperimentsModule.forRoot({ access: allowAllProjects });
    const describeError = (error: unknown) =>
      error instanceof ClosedError
        ? { status: 503, message: error.message, headers: { 'Retry-After': '7' } }
        : undefined;
    const noteError = (error: unknown): void => void noted.push(error);

    @Module({
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: database.url,
          autoLoadEntities: true,
          installExtensions: false,
        }),
        experiments,
        DeterminedModule.forRoot({ imports: [experiments], describeError, noteError }),
      ],
    })
    class HostModule {}

    const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
    testing.useLogger(false);
    const app = testing.createNestApplication(makeAdapter());
    app.setGlobalPrefix('api/v1');
    app.useGlobalGuards(new HostGuard());
    // Pipes that drop and change what they do not know.
    app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    host = apiClient(url, 'any');
    close = async () => {
      // A body that was refused half read keeps its connection open.
      (app.getHttpServer() as Server).closeAllConnections();
      await app.close();
    };
  });

  afterAll(async () => {
    await close();
    await database.dispose();
  });

  it('serves all calls', async () => {
    const project = (await host.post('/projects', { name: 'P' })).body.project.id;
    const experiment = (await host.post('/experiments', { name: 'E', projectId: project })).body.experiment
      .id;
    const run = (await host.post(`/experiments/${experiment}/trials`, {})).body.trial.id;
    const text = '{"metadata":{"n":9007199254740993.10,"constructor":{"__proto__":"x"},"k/y":"slash"}}';
    const set = await host.post(`/runs/${run}/metadata`, text, { 'content-type': '' });
    expect([set.status, set.text]).toEqual([
      200,
      '{"metadata":{"n": 9007199254740993.10, "k/y": "slash", "constructor": {"__proto__": "x"}}}',
    ]);
    expect((await host.get(`/runs/${run}/metadata`)).text).toBe(set.text);
    expect((await host.post('/runs', '', { 'content-type': '' })).body.pagination.total).toBe(1);
    expect((await host.post('/runs', { sort: 'metadata.n=desc' })).body.runs[0].id).toBe(run);
    const { columns } = (await host.get(`/projects/${project}/columns`)).body;
    expect(columns.at(-1)).toMatchObject({ column: 'metadata.n', type: 'COLUMN_TYPE_NUMBER' });
    expect((await host.get(`/projects/${project}/metadata/constructor.__proto__`)).body).toEqual({
      values: ['x'],
    });
    expect((await host.get(`/projects/${project}/metadata/${SLASH[adapter]}`)).body).toEqual({
      values: ['slash'],
    });
    const sdk = { 'user-agent': 'python-requests/2.31.0' };
    expect((await host.get(`/trials/${run}`, sdk)).body.trial.state).toBe('STATE_ACTIVE');
    expect((await host.get('/trials/77', sdk)).body.error.error).toBe("trial '77' not found");
    expect((await host.get(`/trials/${run}`)).body.trial.state).toBe('ACTIVE');
  });

  it("answers the host's own errors in Determined's shape on its routes, and leaves the others alone", async () => {
    const ask = (path: string, headers: Readonly<Record<string, string>>) => host.get(path, headers);
    const closed = await ask('/runs/1/metadata', { 'x-host': 'closed' });
    expect([closed.status, closed.body]).toEqual([
      503,
      { error: { code: 14, reason: 'Unavailable', error: 'We are closed.' } },
    ]);
    expect(closed.headers.get('retry-after')).toBe('7');
    const broken = await ask('/projects/1/columns', { 'x-host': 'broken' });
    expect([broken.status, broken.body.error.code]).toEqual([500, 13]);
    expect(broken.text).not.toContain('secret');
    expect(noted.slice(-2)).toEqual([expect.any(ClosedError), expect.any(Error)]);
    const nobody = await apiClient(url, undefined).get('/runs/1/metadata');
    expect([nobody.status, nobody.body.error.code]).toEqual([401, 16]);
    expect((await ask('/projects', { 'x-host': 'broken' })).body).not.toHaveProperty('error.code');
  });

  it('refuses a body that is too large in that shape', async () => {
    const answer = await host.post('/runs', `{"filter":"${'x'.repeat(1_100_000)}"}`);
    expect([answer.status, answer.body.error.code]).toEqual([413, 8]);
  });
});
