import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, reasonOf } from '../../postgres/index.js';
import { StartError } from '../start.error.js';

/** The file in the data folder that keeps the administrator's token. */
export function adminTokenFile(dataDir: string): string {
  return join(dataDir, 'admin-token');
}

/**
 * The administrator's token that is kept in the data folder, made at the first start: 32 random bytes, readable by the
 * folder's owner alone.
 *
 * @throws StartError when the file can be neither read nor written.
 */
export async function keptAdminToken(dataDir: string): Promise<string> {
  const file = adminTokenFile(dataDir);
  try {
    await mkdir(dataDir, { recursive: true });
    const made = randomBytes(32).toString('base64url');
    // "wx": of two first starts at once one makes the token, and both use it.
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    const token = (await readFile(file, 'utf8')).trim();
    if (token !== '') return token;
    throw new Error('it is empty; delete it');
  } catch (error) {
    throw new StartError(`The administrator's token in ${file} cannot be used: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}
