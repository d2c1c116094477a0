/**
 * Tries the packed package in hosts of other versions:
 *
 *     npm run test:matrix                            every pair of NestJS and TypeORM, on Node.js 20, 22 and 24
 *     npm run test:matrix -- --nodes own             on this Node.js alone
 *     npm run test:matrix -- --pairs oldest          the oldest versions alone, or the newest, or none
 *     npm run test:matrix -- --pairs none --runners jest,vitest   a host's tests alone, as docs/testing.md has them
 *     npm run test:matrix -- --postgres 13,15        the newest pair on other PostgreSQLs too
 *     npm run test:matrix -- --postgres 13,15 --core and this project's core suites there
 *     npm run test:matrix -- --pairs none --postgres 14 --core    the core suites there, and nothing else
 *     npm run test:matrix -- --write                 puts what ran into the tables of docs/packaging.md
 *
 * A pair is a scratch project in a temporary folder: the tarball, the versions, and the suite of test/package/smoke as ES
 * modules and as CommonJS, on Express and on Fastify; and a project with each test runner. `TEST_DATABASE_URL` names a server to use instead of an embedded one.
 * Versions that the registry does not give are left out, which is said.
 */
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findNodes, type NodeVersion } from './matrix/nodes.js';
import { NEWEST_PAIRS, OLDEST_PAIRS } from './matrix/pairs.js';
import { matrixTable, mergeCores, runnerTable, table, writeTable } from './matrix/report.js';
import { runCoreSuites, type CoreRun } from './matrix/run-core-suites.js';
import { RUNNER_NAMES, runRunner, type RunnerName, type RunnerRun } from './matrix/run-runner.js';
import { ADAPTERS, runSmoke, type SmokeRun } from './matrix/run-smoke.js';
import { makeProject, MODULE_KINDS, type ScratchProject } from './matrix/scratch-project.js';
import { givenServer, startServer, type Server } from './matrix/servers.js';
import { pack, ROOT, stage } from './package/pack.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    pairs: { type: 'string', default: 'newest,oldest' },
    runners: { type: 'string' },
    postgres: { type: 'string', default: '' },
    core: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

async function runAll(
  project: ScratchProject,
  server: Server,
  nodes: readonly NodeVersion[],
): Promise<readonly SmokeRun[]> {
  const runs: SmokeRun[] = [];
  for (const node of nodes) {
    for (const kind of MODULE_KINDS) {
      for (const adapter of ADAPTERS) {
        const run = await runSmoke({ project, kind, adapter, node, server });
        const { versions } = project;
        const what = `NestJS ${versions['@nestjs/core']}, TypeORM ${versions['typeorm']}, PostgreSQL ${server.version}`;
        const how = `Node.js ${node.version}, ${kind}, ${adapter}`;
        print(`${run.failure === undefined ? 'passed' : 'FAILED'}  ${what}, ${how}`);
        if (run.failure !== undefined) print(run.failure);
        runs.push(run);
      }
    }
  }
  return runs;
}

async function main(folder: string): Promise<boolean> {
  const asked = options.pairs.split(',');
  const pairs = [
    ...(asked.includes('newest') ? NEWEST_PAIRS : []),
    ...(asked.includes('oldest') ? OLDEST_PAIRS : []),
  ];
  const others = options.postgres.split(',').filter((text) => text !== '');
  // With pairs all of them, unless others are named; without pairs those that are named.
  const runners = RUNNER_NAMES.filter((name) =>
    (options.runners?.split(',') ?? (pairs.length > 0 ? RUNNER_NAMES : [])).includes(name),
  );
  const runs: SmokeRun[] = [];
  const hosts: RunnerRun[] = [];
  const core: CoreRun[] = [];
  let newest: ScratchProject | undefined;
  let nodes: readonly NodeVersion[] = [];
  const tarball = pairs.length + runners.length > 0 ? await packInto(folder) : '';
  for (const name of runners) hosts.push(await hostTests(name, folder, tarball));
  if (pairs.length > 0 || (others.length === 0 && options.core)) {
    const given = process.env['TEST_DATABASE_URL'];
    const server = given ? await givenServer(given) : await startServer(undefined, folder, print);
    if (server === undefined) throw new Error('There is no PostgreSQL to run on.');
    try {
      if (pairs.length > 0) {
        nodes = await findNodes(options.nodes === 'own' ? [] : options.nodes.split(','), folder, print);
        for (const [index, pair] of pairs.entries()) {
          const project = await makeProject(join(folder, `host-${index}`), pair, tarball);
          newest ??= project;
          runs.push(...(await runAll(project, server, nodes)));
        }
      }
      if (options.core) core.push(await coreOn(server));
    } finally {
      await server.postgres.stop();
    }
  }
  for (const major of others) {
    const other = await startServer(major, folder, print);
    if (other === undefined) continue;
    try {
      if (newest !== undefined) runs.push(...(await runAll(newest, other, nodes.slice(0, 1))));
      if (options.core) core.push(await coreOn(other));
    } finally {
      await other.postgres.stop();
    }
  }
  const page = join(ROOT, 'docs', 'packaging.md');
  if (runs.length > 0) {
    const matrix = matrixTable(runs);
    print(`\n${matrix}`);
    if (options.write) await writeTable(page, 'matrix', () => matrix);
  }
  if (hosts.length > 0) {
    const written = runnerTable(hosts);
    print(`\n${written}`);
    if (options.write) await writeTable(page, 'runners', () => written);
  }
  if (core.length > 0) {
    const rows = core.map(({ version, result }) => [version, result] as const);
    print(`\n${table([['PostgreSQL', 'core suites'], ...rows])}`);
    if (options.write) await writeTable(page, 'core suites', (written) => mergeCores(written, rows));
  }
  return [...runs, ...hosts, ...core].every(({ failure }) => failure === undefined);
}

async function packInto(folder: string): Promise<string> {
  print('Building and packing …');
  await stage(join(folder, 'package'));
  return await pack(join(folder, 'package'), folder);
}

async function hostTests(name: RunnerName, folder: string, tarball: string): Promise<RunnerRun> {
  const [pair] = NEWEST_PAIRS;
  const node = { version: process.versions.node, program: process.execPath };
  const run = await runRunner(name, join(folder, name), pair, tarball, node);
  print(`${run.failure === undefined ? 'passed' : 'FAILED'}  a host's tests with ${run.runner}`);
  if (run.failure !== undefined) print(run.failure);
  return run;
}

async function coreOn(server: Server): Promise<CoreRun> {
  print(`Core suites on PostgreSQL ${server.version} …`);
  const run = await runCoreSuites(server);
  if (run.failure !== undefined) print(run.failure);
  print(run.result);
  return run;
}

const folder = await mkdtemp(join(tmpdir(), 'trial-metadata-matrix-'));
try {
  await chmod(folder, 0o755);
  process.exitCode = (await main(folder)) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
