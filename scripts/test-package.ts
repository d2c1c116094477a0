/**
 * Looks at the package as npm would publish it; run after `npm run build`:
 *
 *     npm run test:package              everything
 *     npm run test:package -- --write   and puts the sizes into docs/packaging.md
 *
 * The tarball of the built project and one of a second build are the same bytes; publint and are-the-types-wrong accept it;
 * it holds what it must and nothing else; an install beside a host's own packages adds nothing but itself, and every entry
 * loads there as an ES module and in CommonJS; a Vitest suite with the entry `testing` passes. Without the package registry
 * the last part is skipped, which is said.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkContents } from './package/check-contents.js';
import { checkInstall } from './package/check-install.js';
import { checkPublished } from './package/check-published.js';
import { checkReproducible } from './package/check-reproducible.js';
import { pack, ROOT } from './package/pack.js';

const { values: options } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-package-'));
try {
  const tarball = await pack(ROOT, join(folder, 'tarball'));
  print(await checkContents(tarball));
  print(await checkPublished(tarball));
  print(await checkReproducible(tarball, join(folder, 'again')));
  print(await checkInstall(tarball, join(folder, 'host'), options.write));
} catch (error) {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
