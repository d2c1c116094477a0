import { resolve } from 'node:path';
import { StartError } from '../start.error.js';
import { readConfig } from './read-config.js';

function faults(environment: Record<string, string>, args: readonly string[] = []): readonly string[] {
  try {
    readConfig(environment, args);
    return [];
  } catch (error) {
    if (error instanceof StartError) return error.message.split('\n');
    throw error;
  }
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({}, [])).toEqual({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: undefined,
      dataDir: resolve('.data'),
      demo: true,
      adminToken: undefined,
      logLevel: undefined,
      settings: {
        poolSize: 10,
        replicaUrls: [],
        changes: true,
        failedSignInsPerMinute: 20,
        trustProxy: 0,
        corsOrigins: [],
        metricsPublic: false,
        metricsToken: undefined,
        indexAdvisor: 'off',
      },
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(
      readConfig({ PORT: '', DEMO: '', DATABASE_URL: '', ADMIN_TOKEN: '', HOST: '', DATA_DIR: '' }, []),
    ).toEqual(readConfig({}, []));
  });

  it.each(['off', 'OFF', 'false', '0', 'no'])('leaves the demo out for DEMO=%s', (value) => {
    expect(readConfig({ DEMO: value }, []).demo).toBe(false);
  });

  it('leaves the demo out for --no-demo', () => {
    expect(readConfig({ DEMO: 'on' }, ['--no-demo']).demo).toBe(false);
  });

  it('names every fault, one in a line, and repeats no secret', () => {
    const secrets = { ADMIN_TOKEN: 'too-short', DATABASE_URL: 'mysql://me:secret@host/db' };
    const lines = faults({ PORT: '70000', DEMO: 'perhaps', ...secrets }, ['--verbose']);
    expect(lines).toEqual([
      'PORT is "70000"; give a number from 0 (any free port) to 65535.',
      'DATABASE_URL is no PostgreSQL URL; give postgresql://user:password@host:5432/database.',
      'DEMO is "perhaps"; give on or off.',
      'ADMIN_TOKEN must have 16 or more printable ASCII characters and no space.',
      '"--verbose" is not known. The only argument is --no-demo; the rest comes from the environment.',
    ]);
    expect(lines.join()).not.toMatch(/secret|too-short/);
  });

  it('names the faults of the settings for operations too', () => {
    expect(
      faults({
        LOG_LEVEL: 'loud',
        POOL_SIZE: '0',
        FAILED_SIGN_INS: 'many',
        TRUST_PROXY: '-1',
        CORS_ORIGINS: 'https://ok.example, tracker.example/page',
        REPLICA_URLS: 'postgresql://me:secret@replica/db, http://replica',
        METRICS_PUBLIC: 'perhaps',
        METRICS_TOKEN: 'short',
        INDEX_ADVISOR: 'maybe',
      }),
    ).toEqual([
      'LOG_LEVEL is "loud"; give trace, debug, info, warn, error, fatal, silent.',
      'POOL_SIZE is "0"; give a number from 2 to 1000.',
      'REPLICA_URLS holds what is no PostgreSQL URL; give those of the replicas, separated by commas.',
      'FAILED_SIGN_INS is "many"; give a number from 1 to 1000000.',
      'TRUST_PROXY is "-1"; give a number from 0 to 10.',
      'CORS_ORIGINS holds "tracker.example/page"; give origins such as https://tracker.example, or *.',
      'METRICS_PUBLIC is "perhaps"; give on or off.',
      'METRICS_TOKEN must have 16 or more printable ASCII characters and no space.',
      'INDEX_ADVISOR is "maybe"; give off, propose, build.',
    ]);
  });

  it.each(['abc', '-1', '80.5', '0x50', '99999999999', ' 80'])('refuses PORT=%s', (value) => {
    expect(faults({ PORT: value })).toHaveLength(1);
  });
});
