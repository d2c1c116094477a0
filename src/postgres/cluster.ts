import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from './error-facts.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { isAlive } from './postmaster.js';
import type { ServerAccount } from './server-account.js';

/** The files of one embedded server: `data`, its log and the passwords of its two roles. */
export interface Cluster {
  readonly dataFolder: string;
  readonly logFile: string;
  /** Passwords by role: the superuser `postgres` and the owner of the server's one database. */
  readonly passwords: { readonly superuser: string; readonly owner: string };
}

const FOLDER = 'postgres';
const UNFINISHED = /^postgres-new-(\d+)-/;

/** Where the server's files lie below the data folder. */
export function clusterFolder(home: string): string {
  return join(home, FOLDER);
}

/**
 * Opens the cluster below `home`, making it first when there is none. It is made in a folder of its own that is then
 * renamed: a start that is interrupted leaves no half cluster, and of two first starts at once one wins.
 *
 * @throws EmbeddedPostgresError when the files belong to somebody else or cannot be written.
 */
export async function openCluster(
  home: string,
  binaries: PostgresBinaries,
  account: ServerAccount,
): Promise<Cluster> {
  const folder = clusterFolder(home);
  await removeUnfinished(home);
  if (!(await exists(folder))) await makeCluster(home, folder, binaries, account);
  const passwords = await readPasswords(folder);
  return { dataFolder: join(folder, 'data'), logFile: join(folder, 'server.log'), passwords };
}

async function makeCluster(
  home: string,
  folder: string,
  binaries: PostgresBinaries,
  account: ServerAccount,
): Promise<void> {
  const draft = await mkdtemp(join(home, `postgres-new-${process.pid}-`));
  try {
    const passwords: Cluster['passwords'] = { superuser: newPassword(), owner: newPassword() };
    const passwordFile = join(draft, 'initdb-password');
    const passwordsFile = join(draft, 'passwords.json');
    await writeFile(passwordFile, passwords.superuser, { mode: 0o600 });
    await writeFile(passwordsFile, JSON.stringify(passwords), { mode: 0o600 });
    await mkdir(join(draft, 'data'), { mode: 0o700 });
    await chmod(draft, 0o700);
    for (const path of [passwordFile, passwordsFile, join(draft, 'data'), draft]) {
      if (account.ids) await chown(path, account.ids.uid, account.ids.gid);
    }
    const result = await account.run(binaries.initdb, [
      `--pgdata=${join(draft, 'data')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      ...(await builtInLocale(binaries, account)),
      '--data-checksums',
    ]);
    if (result.code !== 0)
      throw new EmbeddedPostgresError(`initdb failed in ${home}: ${lastLine(result.output)}`);
    await rm(passwordFile);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
}

/** Bytewise order, the same on every system, and yet full Unicode in lower() and upper(): since PostgreSQL 17. */
async function builtInLocale(binaries: PostgresBinaries, account: ServerAccount): Promise<readonly string[]> {
  const { output } = await account.run(binaries.initdb, ['--version']);
  const major = Number(/\d+/.exec(output)?.[0] ?? 0);
  return major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
}

async function readPasswords(folder: string): Promise<Cluster['passwords']> {
  const file = join(folder, 'passwords.json');
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    const { superuser, owner } = content as Record<string, unknown>; // checked in the next line
    if (typeof superuser === 'string' && typeof owner === 'string') return { superuser, owner };
    throw new Error('no passwords in it');
  } catch (error) {
    const fault = `The data in ${folder} cannot be used (${reasonOf(error)}). Start as the user who owns them, or `;
    throw new EmbeddedPostgresError(fault, 'folder', { cause: error });
  }
}

async function removeUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(UNFINISHED.exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || !isAlive(pid))) {
      await rm(join(home, name), { recursive: true, force: true });
    }
  }
}

/** The last line with something in it: where PostgreSQL's programs say what was wrong. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function newPassword(): string {
  return randomBytes(24).toString('hex');
}
