/**
 * A process of its own that outlives the tests: when its standard input ends, which it does however the tests end, it ends
 * the server on a folder and deletes the folder. After an orderly stop there is nothing left for it to do.
 */
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take to end. */
const PATIENCE_MS = 10_000;

async function guard(folder: string, dataFolder: string): Promise<void> {
  // Ctrl-C goes to every process of the terminal; this one ends after the tests.
  process.on('SIGINT', () => undefined);
  await once(process.stdin.resume(), 'end');
  const pid = await pidOf(dataFolder);
  // SIGQUIT is PostgreSQL's immediate shutdown; it takes the server's other processes along.
  if (pid > 0) end(pid, 'SIGQUIT');
  for (const until = Date.now() + PATIENCE_MS; pid > 0 && isAlive(pid) && Date.now() < until;)
    await sleep(50);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function pidOf(dataFolder: string): Promise<number> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

function isAlive(pid: number): boolean {
  return end(pid, 0);
}

function end(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

const [folder, dataFolder] = process.argv.slice(2);
if (folder !== undefined && dataFolder !== undefined) await guard(folder, dataFolder);
