import { runProgram } from '../package/run-program.js';
import type { NodeVersion } from './nodes.js';
import type { ModuleKind, ScratchProject } from './scratch-project.js';
import type { Server } from './servers.js';

export const ADAPTERS = ['express', 'fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

/** One run of the suite. */
export interface SmokeRun {
  readonly project: ScratchProject;
  readonly kind: ModuleKind;
  readonly adapter: Adapter;
  readonly node: NodeVersion;
  readonly server: Server;
  /** What it printed, when it failed. */
  readonly failure?: string;
}

/** Runs the suite on three databases of its own. */
export async function runSmoke(run: Omit<SmokeRun, 'failure'>): Promise<SmokeRun> {
  const { project, kind, adapter, node, server } = run;
  const databases = await Promise.all([1, 2, 3].map(() => server.postgres.createDatabase()));
  const [tables, experiments, testing] = databases.map(({ url }) => url);
  try {
    const { code, output } = await runProgram(node.program, [project.program(kind)], {
      cwd: project.folder,
      env: {
        TABLES_URL: tables ?? '',
        EXPERIMENTS_URL: experiments ?? '',
        TESTING_URL: testing ?? '',
        ADAPTER: adapter,
      },
    });
    return code === 0 ? run : { ...run, failure: output };
  } finally {
    for (const database of databases) await database.dispose();
  }
}
