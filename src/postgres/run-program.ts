import { spawn } from 'node:child_process';

/** How a program ended and what it printed (standard output and error together). */
export interface ProgramResult {
  /** Exit code; `null` when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** Under which user and group ids a program runs; absent: those of this process. */
export interface ProgramIds {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs a program to its end, in the root folder, with PostgreSQL's own variables (`PGDATA`, `PGOPTIONS` …) kept from it.
 *
 * @throws the system's error (`ENOENT`, `EACCES` …) when it cannot be started.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  ids?: ProgramIds,
): Promise<ProgramResult> {
  return await new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...ids,
      cwd: process.platform === 'win32' ? undefined : '/',
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
    child.once('exit', (code) => {
      // On Windows a server that was started inherits the pipes and keeps them open: don't wait for their end.
      setTimeout(() => {
        resolve({ code, output });
      }, 500).unref();
    });
  });
}

function programEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/i.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
