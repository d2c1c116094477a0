import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import pg from 'pg';
import { freePort } from '../../src/postgres/index.js';

/** A primary and a standby that streams from it. */
export interface ReplicatedServer {
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  readonly version: string;
  /** Waits until the standby has everything. */
  caughtUp(): Promise<void>;
  stopReplica(): void;
  close(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';

/** The folder of a PostgreSQL's programs that has `pg_basebackup`, which the embedded one lacks; undefined: none. */
export function replicationPrograms(): string | undefined {
  const given = process.env['TEST_POSTGRES_BIN'];
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(given ? [given] : []), ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'pg_basebackup')));
}

/** Makes both on free ports of 127.0.0.1, with one database, `postgres`. @param bin {@link replicationPrograms} */
export async function startReplicated(bin: string): Promise<ReplicatedServer> {
  // PostgreSQL does not run as root.
  const ids = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-replicas-'));
  await chmod(folder, 0o755);
  const [primary, replica] = [join(folder, 'primary'), join(folder, 'replica')] as const;
  for (const path of [primary, replica]) {
    await mkdir(path, { mode: 0o700 });
    if (ids) await chown(path, ids.uid, ids.gid);
  }
  const run = (program: string, ...args: readonly string[]): void => {
    const options = { ...ids, cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C' } } as const;
    const { status, stderr } = spawnSync(join(bin, program), args, {
      ...options,
      // A server that stays would keep a pipe open, and this call waiting.
      stdio: program === 'pg_ctl' ? 'ignore' : 'pipe',
    });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  };
  const [primaryPort, replicaPort] = [await freePort(), await freePort()];
  const start = (data: string, port: number): void =>
    run(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-l',
      join(data, 'log'),
      '-o',
      `-p ${port} -k ${data} -c fsync=off`,
      'start',
    );
  run('initdb', '-D', primary, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  start(primary, primaryPort);
  run(
    'pg_basebackup',
    '-h',
    '127.0.0.1',
    '-p',
    `${primaryPort}`,
    '-U',
    'tester',
    '-D',
    replica,
    '-R',
    '-X',
    'stream',
  );
  start(replica, replicaPort);
  let isReplicaUp = true;
  const urlOf = (port: number): string => `postgresql://tester@127.0.0.1:${port}/postgres`;
  const [primaryUrl, replicaUrl] = [urlOf(primaryPort), urlOf(replicaPort)];
  const stopReplica = (): void => {
    if (isReplicaUp) run('pg_ctl', '-D', replica, '-m', 'immediate', 'stop');
    isReplicaUp = false;
  };
  return {
    primaryUrl,
    replicaUrl,
    version: await one(primaryUrl, `SELECT current_setting('server_version')`),
    caughtUp: async () => {
      const end = await one(primaryUrl, 'SELECT pg_current_wal_lsn()');
      const reached = `SELECT (pg_last_wal_replay_lsn() >= '${end}'::pg_lsn)::text`;
      while ((await one(replicaUrl, reached)) !== 'true') await pause(20);
    },
    stopReplica,
    close: async () => {
      stopReplica();
      run('pg_ctl', '-D', primary, '-m', 'immediate', 'stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The first value that a statement gives. */
export async function one(url: string, statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<[string]>({ text: statement, rowMode: 'array' });
    return rows[0]?.[0] ?? '';
  } finally {
    await client.end();
  }
}

function idOf(option: '-u' | '-g'): number {
  return Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout);
}
