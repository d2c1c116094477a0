import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../../..');
const BUILT = join(ROOT, 'web/dist/index.html');
const LOCK = join(ROOT, 'web/dist.lock');
/** What the page is made of; a change of any of it asks for a new build. */
const SOURCES = [
  'web/src',
  'web/build',
  'web/index.html',
  'web/vite.config.ts',
  'src/metadata/document',
  'src/metadata/query',
];
/** Milliseconds; a build takes ten seconds on two busy cores. */
const PATIENCE = 180_000;

/** Builds the page unless its build is newer than its sources. Of several test files that ask at once, one builds. */
export async function ensurePage(): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (await isFresh()) return;
    if (await takeLock()) {
      try {
        await build();
        return;
      } finally {
        await rm(LOCK, { recursive: true, force: true });
      }
    }
    await wait(200);
  }
  throw new Error(
    `The page was not built in time. Is ${LOCK} left over from a run that was ended? Then delete it.`,
  );
}

async function isFresh(): Promise<boolean> {
  const built = await changedAt(BUILT);
  if (built === 0 || (await changedAt(LOCK)) !== 0) return false;
  const sources = await Promise.all(SOURCES.map((source) => newestIn(join(ROOT, source))));
  return Math.max(...sources) < built;
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const times = entries
    .filter((entry) => entry.isFile())
    .map((entry) => changedAt(join(entry.parentPath, entry.name)));
  return Math.max(0, ...(await Promise.all(times)));
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}

async function takeLock(): Promise<boolean> {
  return mkdir(LOCK).then(
    () => true,
    () => false,
  );
}

async function build(): Promise<void> {
  const program = [
    join(ROOT, 'node_modules/vite/bin/vite.js'),
    'build',
    '--config',
    join(ROOT, 'web/vite.config.ts'),
  ];
  // Jest's NODE_ENV would have React built for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, program, {
    env,
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The page could not be built:\n${output}`);
}
