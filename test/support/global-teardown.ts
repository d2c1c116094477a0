import type { ChildProcess } from 'node:child_process';

/** Ends the test run's PostgreSQL and waits until nothing of it is left. */
export default async function globalTeardown(): Promise<void> {
  const child = (globalThis as { testServerProcess?: ChildProcess }).testServerProcess;
  if (!child || child.exitCode !== null) return;
  child.ref();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await ended;
}
