import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient, type ApiClient } from './api-client.js';
import { noteProcess } from './note-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A host of `examples/` that runs as a process of its own, on an empty database of its own. */
export interface RunningExample extends ApiClient {
  readonly url: string;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

const PATIENCE_MS = 45_000;

/** Starts `examples/<name>/main.ts` as its README says, and waits until it listens. */
export async function startExample(name: string): Promise<RunningExample> {
  const database = await createTestDatabase({ empty: true });
  const child = spawn(
    process.execPath,
    ['--import', './test/support/typescript.mjs', `./examples/${name}/main.ts`],
    {
      env: { PATH: process.env['PATH'], PORT: '0', DATABASE_URL: database.url, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  await noteProcess(child);
  const closed = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const close = async () => {
    child.kill('SIGTERM');
    await closed;
    await database.dispose();
  };
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && child.exitCode === null;) {
    const url = /Listening on (http:\S+)/.exec(output)?.[1];
    if (url !== undefined) return { ...apiClient(url, undefined), url, database, close };
    await sleep(20);
  }
  await close();
  throw new Error(`examples/${name} did not start:\n${output}`);
}
