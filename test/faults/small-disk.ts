import { execFile } from 'node:child_process';
import { chmod, chown, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultBench } from './fault-bench.js';

const run = promisify(execFile);

/** A disk that can be filled, with the tables of the metadata on it. */
export interface SmallDisk {
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** Puts the tables back and takes the disk away. */
  remove(): Promise<void>;
}

const TABLES = ['trial_metadata', 'trial_metadata_history', 'trial_metadata_uncounted'];
const INDEXES = `SELECT indexname FROM pg_indexes WHERE tablename = ANY ($1)`;

/** Puts the tables on a file system of 64 MB in memory; the reason, where one cannot be mounted. */
export async function makeSmallDisk(bench: FaultBench): Promise<SmallDisk | string> {
  const { path, remove } = await bench.makeFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', path]);
  } catch (error) {
    await remove();
    return `a small file system cannot be mounted here (${String(error).split('\n')[0]})`;
  }
  const { database } = bench;
  const { ids } = database.account;
  if (ids !== undefined) await chown(path, ids.uid, ids.gid);
  await chmod(path, 0o700);
  await database.run(`CREATE TABLESPACE small LOCATION '${path}'`);
  await move(bench, 'small');
  const ballast = join(path, 'ballast');
  return {
    fill: async () => {
      const { bavail, bsize } = await statfs(path);
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => undefined);
    },
    makeRoom: () => rm(ballast, { force: true }),
    remove: async () => {
      await rm(ballast, { force: true });
      await move(bench, 'pg_default');
      await database.run('DROP TABLESPACE small');
      await run('umount', [path]);
      await remove();
    },
  };
}

async function move({ database }: FaultBench, tablespace: string): Promise<void> {
  const indexes = await database.run<{ indexname: string }>(INDEXES, [TABLES]);
  for (const table of TABLES) await database.run(`ALTER TABLE ${table} SET TABLESPACE ${tablespace}`);
  for (const { indexname } of indexes) {
    await database.run(`ALTER INDEX "${indexname}" SET TABLESPACE ${tablespace}`);
  }
}
