import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from './error-facts.js';
import { runProgram } from './run-program.js';

/** A server process that a data folder names as its own. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * Reads `postmaster.pid` and tells whether that server lives.
 *
 * After a reboot, or in a new container, the process id may belong to another program by now, and PostgreSQL itself would
 * then refuse to start. Such a file is deleted, but only when the process surely is no PostgreSQL: two servers on the
 * same files would destroy them.
 */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const file = join(dataFolder, 'postmaster.pid');
  const lines = await readFile(file, 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (!(await mayBePostgres(pid))) {
    await rm(file, { force: true });
    return undefined;
  }
  // The port is the fourth line; a server in its first moments has not written it yet.
  return { pid, port: Number(lines[3] ?? 0) };
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function mayBePostgres(pid: number): Promise<boolean> {
  try {
    if (process.platform === 'linux') {
      const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      return basename(program).startsWith('postgres');
    }
    if (process.platform === 'win32') {
      const { output } = await runProgram('tasklist', ['/FI', `PID eq ${pid}`, '/NH']);
      return output.includes('postgres');
    }
    const { output } = await runProgram('ps', ['-p', String(pid), '-o', 'command=']);
    return output.includes('postgres');
  } catch {
    return isAlive(pid);
  }
}
