import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostmaster } from './postmaster.js';

describe('findPostmaster', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postmaster-'));
    file = join(folder, 'postmaster.pid');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('finds none where there is no file, or an empty one', async () => {
    expect(await findPostmaster(folder)).toBeUndefined();
    await writeFile(file, '');
    expect(await findPostmaster(folder)).toBeUndefined();
  });

  it('leaves the file of a process that is gone to PostgreSQL', async () => {
    const child = spawn(process.execPath, ['--version']);
    await once(child, 'exit');
    await writeFile(file, `${child.pid}\n/data\n1\n5432\n`);
    expect(await findPostmaster(folder)).toBeUndefined();
    expect(existsSync(file)).toBe(true);
  });

  it('deletes a file whose process id belongs to another program by now', async () => {
    await writeFile(file, `${process.pid}\n/data\n1\n5432\n`);
    expect(await findPostmaster(folder)).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  // Only Linux tells the name that a program was started by without a program of its own.
  (process.platform === 'linux' ? it : it.skip)('keeps the file of whatever may be PostgreSQL', async () => {
    const child = spawn('sleep', ['60'], { argv0: '/usr/bin/postgres' });
    await once(child, 'spawn');
    await writeFile(file, `${child.pid}\n/data\n1\n5432\n`);
    expect(await findPostmaster(folder)).toEqual({ pid: child.pid, port: 5432 });
    await writeFile(file, `${child.pid}\n`);
    expect(await findPostmaster(folder)).toEqual({ pid: child.pid, port: 0 });
    child.kill();
    await once(child, 'exit');
    expect(existsSync(file)).toBe(true);
  });
});
