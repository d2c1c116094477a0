import { join } from 'node:path';
import { ROOT } from '../package/pack.js';
import { runProgram } from '../package/run-program.js';
import type { Server } from './servers.js';

/** What the plugin and the searches do, on a server; of the whole suite the part that depends on PostgreSQL most. */
export const CORE_SUITES: readonly string[] = [
  'test/metadata-',
  'test/query-',
  'test/search',
  'test/laws',
  'test/known-fields',
  'test/text-indexes',
  'test/analysis-',
];

/** How the core suites ended on a server. */
export interface CoreRun {
  readonly version: string;
  /** E.g. `214 passed`. */
  readonly result: string;
  /** What was printed, when something failed. */
  readonly failure?: string;
}

/** Runs the core suites of this project on a server. */
export async function runCoreSuites(server: Server): Promise<CoreRun> {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const { code, output } = await runProgram(
    process.execPath,
    [...flags, jest, ...CORE_SUITES, '--selectProjects', 'e2e'],
    { cwd: ROOT, env: { TEST_DATABASE_URL: server.postgres.url } },
  );
  const result = /^Tests:\s+(.*), \d+ total$/m.exec(output)?.[1] ?? 'did not run';
  const { version } = server;
  return code === 0 ? { version, result } : { version, result, failure: output };
}
