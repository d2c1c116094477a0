import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Why there is no Python with the packages that are asked for, in one line. */
export class PythonMissingError extends Error {}

/** How a program ended. */
export interface Ended {
  /** The exit code; -1 when the program could not be started. */
  readonly code: number;
  /** Standard output and error together. */
  readonly output: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Whether its output is shown while it runs. @default false */
  readonly show?: boolean;
  /** @default this process's */
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a virtual environment holds. */
export interface PythonEnvironment {
  /** Where it is; made when absent, and made again for other packages. */
  readonly folder: string;
  /** As pip takes them. */
  readonly packages: readonly string[];
  /** The oldest Python that will do, e.g. `[3, 9]`. */
  readonly oldest: readonly [number, number];
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { show = false, cwd, env = {} } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (show) process.stdout.write(chunk);
      });
    }
    child.once('error', (error) => {
      resolve({ code: -1, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? -1, output });
    });
  });
}

/**
 * Makes a virtual environment and installs the packages in it, unless it has them already.
 *
 * @param say told, in one line, when the packages are being installed
 * @returns the path of its Python
 * @throws PythonMissingError without Python (`PYTHON` in the environment names one), or without its package registry
 */
export async function openPythonEnvironment(
  { folder, packages, oldest }: PythonEnvironment,
  say: (message: string) => void,
): Promise<string> {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const installed = join(folder, `installed ${packages.join(' ')}`);
  if (existsSync(installed)) return python;
  const host = await findPython(oldest);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const made = await run(host, ['-m', 'venv', folder]);
  if (made.code !== 0)
    throw new PythonMissingError(`no virtual environment could be made: ${lastLine(made.output)}`);
  say(`Installing ${packages.join(', ')} in ${folder} …`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  const { code, output } = await run(python, [...pip, '--timeout', '20', ...packages]);
  if (code !== 0)
    throw new PythonMissingError(
      `${packages[0]} could not be installed (is the package registry of Python within reach?): ${lastLine(output)}`,
    );
  await writeFile(installed, '');
  return python;
}

async function findPython([major, minor]: readonly [number, number]): Promise<string> {
  for (const name of [process.env['PYTHON'] ?? 'python3', 'python']) {
    const check = `import sys; assert sys.version_info >= (${major}, ${minor}); print(sys.executable)`;
    const { code, output } = await run(name, ['-c', check]);
    if (code === 0) return output.trim();
  }
  throw new PythonMissingError(`there is no Python ${major}.${minor} or newer (PYTHON names one)`);
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
