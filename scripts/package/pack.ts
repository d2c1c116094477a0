import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './run-program.js';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What goes into the tarball beside what is built. */
const KEPT = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

/** Builds everything that is published into a folder of its own, so that a pack never holds what was left in `dist`. */
export async function stage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of KEPT) await cp(join(ROOT, name), join(folder, name));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(ROOT, 'tsconfig.build.json');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(ROOT, 'web', 'vite.config.ts');
  await Promise.all([
    mustRun(process.execPath, [compiler, '-p', project, '--outDir', join(folder, 'dist')], { cwd: ROOT }),
    mustRun(
      process.execPath,
      [vite, 'build', '--config', config, '--outDir', join(folder, 'web', 'dist'), '--logLevel', 'warn'],
      { cwd: ROOT },
    ),
  ]);
}

/** Packs a folder as npm would publish it. @returns the tarball's path */
export async function pack(folder: string, destination: string): Promise<string> {
  await mkdir(destination, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', destination];
  const output = await mustRun('npm', args, { cwd: folder });
  const name = output
    .trim()
    .split('\n')
    .findLast((line) => line.endsWith('.tgz'));
  if (name === undefined) throw new Error(`npm pack named no tarball:\n${output}`);
  return join(destination, name);
}
