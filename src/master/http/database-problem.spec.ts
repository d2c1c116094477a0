import { databaseProblem } from './database-problem.js';

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('…'), { code, ...more });

describe('databaseProblem', () => {
  it.each([
    ['08006', 'database_unavailable'],
    ['57P01', 'database_unavailable'],
    ['57P02', 'database_unavailable'],
    ['57P03', 'database_unavailable'],
    ['53300', 'database_busy'],
    ['53200', 'database_busy'],
    ['53100', 'database_full'],
    ['25006', 'database_read_only'],
    ['58030', 'database_unavailable'],
    ['57014', 'database_busy'],
    ['55P03', 'database_busy'],
    ['40P01', 'database_busy'],
    ['40001', 'database_busy'],
    ['ECONNREFUSED', 'database_unavailable'],
    ['ECONNRESET', 'database_unavailable'],
    ['EPIPE', 'database_unavailable'],
  ])('answers 503 for %s: %s', (code, expected) => {
    const found = databaseProblem(withCode(code));
    expect(found?.problem).toMatchObject({ status: 503, code: expected });
    expect(found?.retryAfter).toBeGreaterThan(0);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Query runner already released. Cannot run queries anymore.',
  ])('knows "%s", which comes without a code', (message) => {
    expect(databaseProblem(new Error(message))?.problem.code).toBe('database_unavailable');
  });

  it('tells a wait for a connection from a server that cannot be reached', () => {
    const queued = databaseProblem(new Error('timeout exceeded when trying to connect'));
    expect(queued?.problem.code).toBe('database_busy');
    expect(databaseProblem(new Error('timeout expired'))?.problem.code).toBe('database_unavailable');
  });

  it('leaves every other error to be a failure of the master', () => {
    for (const error of [
      new Error('undefined is not a function'),
      withCode('23505'),
      withCode('42P01'),
      withCode('22P02'),
      withCode('ENOENT', { path: '/some/file' }),
      'text',
      undefined,
    ]) {
      expect(databaseProblem(error)).toBeUndefined();
    }
  });
});
