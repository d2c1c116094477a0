import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testServer } from './test-server-address.js';

/** Leaves the process's id, while it runs, where the test server ends those that a broken test run left behind. */
export async function noteProcess(child: ChildProcess): Promise<void> {
  const folder = join(testServer().folder, 'processes');
  const note = join(folder, String(child.pid));
  child.once('exit', () => {
    rmSync(note, { force: true });
  });
  await mkdir(folder, { recursive: true });
  if (child.exitCode === null) await writeFile(note, '');
}
