import pg from 'pg';
import { bootExperimentsHost, type ExperimentsHost } from './experiments/experiments-host.js';

describe('an analysis that takes longer than the statement timeout', () => {
  let host: ExperimentsHost;
  let locker: pg.Client;

  beforeAll(async () => {
    host = await bootExperimentsHost({ statementTimeout: 100 });
    const { options } = host.dataSource;
    if (options.type !== 'postgres') throw new Error('The host is on PostgreSQL.');
    locker = new pg.Client({ connectionString: options.url });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE trials IN ACCESS EXCLUSIVE MODE');
  });

  afterAll(async () => {
    await locker.end();
    await host.close();
  });

  it.each<[string, string, object | undefined]>([
    ['POST', '/trials/compare', { summary: true }],
    ['POST', '/trials/aggregate', {}],
    ['GET', '/trials/export?format=csv', undefined],
    ['GET', '/trials/export?format=jsonl', undefined],
  ])('%s %s answers 503 and when to try again', async (method, path, body) => {
    const { status, headers, body: problem } = await host.send(method, path, body);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^[0-9]+$/);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problem.code).toBe('database_busy');
  });
});
