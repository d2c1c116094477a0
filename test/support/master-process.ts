import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteProcess } from './note-process.js';
import { testServer } from './test-server-address.js';

/** A master that runs as a process of its own, as `npm start` runs it. */
export interface MasterProcess {
  readonly child: ChildProcess;
  /** What it printed so far, standard output and error together. */
  output(): string;
  /** The link that it printed, once it has. */
  link(): Promise<URL>;
  /** Its exit code, once it has ended. */
  ended(): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const PROGRAM = ['--import', './test/support/typescript.mjs', './src/master/main.ts'];
const PATIENCE_MS = 30_000;

/** Makes a data folder that goes, with the servers on it, when the test run ends, however it ends. */
export async function makeDataDir(): Promise<string> {
  return await mkdtemp(join(testServer().folder, 'data-'));
}

/** Starts the master with these settings and nothing else from the environment that it would heed. */
export async function startMasterProcess(
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<MasterProcess> {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'off', LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await noteProcess(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    output: () => output,
    link: async () => {
      for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
        const found = /^Open (\S+)$/m.exec(output)?.[1];
        if (found !== undefined) return new URL(found);
        if (child.exitCode !== null) break;
        await sleep(20);
      }
      throw new Error(`The master did not start:\n${output}`);
    },
    ended: () => closed,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}
