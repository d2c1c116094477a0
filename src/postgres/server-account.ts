import { readFile, stat } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { ProgramIds, ProgramResult } from './run-program.js';
import { runProgram } from './run-program.js';

/** The account that runs the embedded server and owns its files. PostgreSQL refuses to run as root. */
export interface ServerAccount {
  /** Absent when it is the account of this process. */
  readonly ids: ProgramIds | undefined;
  run(file: string, args: readonly string[]): Promise<ProgramResult>;
}

const SYSTEM_USER = 'postgres';

/**
 * Chooses the account: this process's own, or for root the owner of the data that are there, or the system user
 * `postgres`, which is made when there is none.
 *
 * A project below a folder that others cannot enter (`/root/project`) is no obstacle to root: then the server is given,
 * through `setpriv`, the one capability to pass such folders, and nothing else of root's.
 *
 * @param home the folder that holds, or will hold, the server's folder.
 * @throws EmbeddedPostgresError in one line when there is no such account and none can be made, or it cannot reach the files.
 */
export async function chooseServerAccount(
  binaries: PostgresBinaries,
  home: string,
  existing: string,
): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return { ids: undefined, run: runProgram };
  const ids = (await ownerOf(existing)) ?? (await systemUser());
  const plain: ServerAccount = { ids, run: (file, args) => runProgram(file, args, ids) };
  if (await reaches(plain, binaries, home)) return plain;
  for (const [bit, capability] of PASSING_CAPABILITIES) {
    if (!(await hasCapability(bit))) continue;
    const account = withCapability(ids, capability);
    if (await reaches(account, binaries, home)) return account;
  }
  throw new EmbeddedPostgresError(
    `The user with id ${ids.uid}, who runs the embedded PostgreSQL for root, cannot enter ${home} or the project's folder. ` +
      'Move the project to a folder that others can enter, start it as a normal user, or ',
    'server',
  );
}

/** Capabilities that let a process pass folders closed to it, the narrower one first; containers often lack it. */
const PASSING_CAPABILITIES = [
  [2, 'dac_read_search'],
  [1, 'dac_override'],
] as const;

async function hasCapability(bit: number): Promise<boolean> {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
    return effective !== undefined && ((BigInt(`0x${effective}`) >> BigInt(bit)) & 1n) === 1n;
  } catch {
    return false;
  }
}

function withCapability(ids: ProgramIds, capability: string): ServerAccount {
  const prefix = [
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    '--clear-groups',
    // Without it access(2), by which initdb looks for its programs, would disregard the capability.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=-all,+${capability}`,
    `--ambient-caps=-all,+${capability}`,
    `--bounding-set=-all,+${capability}`,
    '--no-new-privs',
    '--',
  ];
  return { ids, run: (file, args) => runProgram('setpriv', [...prefix, file, ...args]) };
}

async function reaches(account: ServerAccount, binaries: PostgresBinaries, home: string): Promise<boolean> {
  try {
    const test = 'test -x "$1" && test -x "$2"';
    const result = await account.run('/bin/sh', ['-c', test, 'sh', binaries.postgres, home]);
    return result.code === 0;
  } catch {
    return false;
  }
}

async function ownerOf(folder: string): Promise<ProgramIds | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return uid === 0 ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}

async function systemUser(): Promise<ProgramIds> {
  const found = await lookUp(SYSTEM_USER);
  if (found) return found;
  try {
    await runProgram('groupadd', ['--system', SYSTEM_USER]);
    await runProgram('useradd', ['--system', '--no-create-home', '--gid', SYSTEM_USER, SYSTEM_USER]);
  } catch {
    // Told below: what counts is whether the user is there now.
  }
  const made = await lookUp(SYSTEM_USER);
  if (made) return made;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and there is no system user "${SYSTEM_USER}" to run it as, nor could one be made. ` +
      'Start as a normal user, make that user, or ',
    'server',
  );
}

async function lookUp(user: string): Promise<ProgramIds | undefined> {
  try {
    const [uid, gid] = await Promise.all([runProgram('id', ['-u', user]), runProgram('id', ['-g', user])]);
    if (uid.code !== 0 || gid.code !== 0) return undefined;
    return { uid: Number(uid.output), gid: Number(gid.output) };
  } catch {
    return undefined;
  }
}
