import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readManifest } from './manifest.js';
import { mustRun } from './run-program.js';

/** What no host needs: tests, the reference master, sources, notes of tools. */
const UNWANTED = /\.spec\.|(^|\/)(test|tests|src|bench|scripts|node_modules)\/|^dist\/master\/|(^|\/)\./;
const NEEDED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'web/dist/index.html'];

/** Looks at the files of the tarball. @returns what was seen @throws Error that names what is there or missing */
export async function checkContents(tarball: string): Promise<string> {
  const listing = await mustRun('tar', ['-tzf', tarball], { cwd: tmpdir() });
  const files = listing
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  const { exports } = await readManifest();
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  const needed = [...NEEDED, ...entries.map((path) => path.replace(/^\.\//, ''))];
  const missing = needed.filter((name) => !files.includes(name));
  const unwanted = files.filter((name) => UNWANTED.test(name));
  if (missing.length > 0)
    throw new Error(`The tarball lacks ${missing.join(', ')}. Run npm run build first.`);
  if (unwanted.length > 0) throw new Error(`The tarball holds ${unwanted.join(', ')}.`);
  const { size } = await stat(tarball);
  return `contents: ${files.length} files, ${kilobytes(size)} packed`;
}

/** A size in words. */
export function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;
}
