import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

// Jest compiles this file alone, as CommonJS, and could not follow imports of our own: hence a process, and this
// name written again, in test-server-address.ts too.
const TEST_SERVER = 'TRIAL_METADATA_TEST_SERVER';

/** The process of the test run's PostgreSQL; kept for the global teardown, which Jest runs in the same process. */
export type WithTestServer = typeof globalThis & { testServerProcess?: ChildProcess };

/** Starts the test run's PostgreSQL and tells the test files where it is. */
export default async function globalSetup(): Promise<void> {
  const program = ['--import', './test/support/typescript.mjs', './test/support/test-server.ts'];
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  (globalThis as WithTestServer).testServerProcess = child;
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => {
      reject(new Error(`The test server ended with code ${code}; its reason is above.`));
    });
  });
  process.env[TEST_SERVER] = address;
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if ('unref' in stream) (stream.unref as () => void)();
}
