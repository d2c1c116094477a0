import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../package/pack.js';
import { mustRun } from '../package/run-program.js';
import type { Pair } from './pairs.js';

/** How a host's own files are loaded. */
export const MODULE_KINDS = ['module', 'commonjs'] as const;
export type ModuleKind = (typeof MODULE_KINDS)[number];

/** A host with the packed tarball and the smoke suite, compiled in both kinds of module. */
export interface ScratchProject {
  readonly folder: string;
  /** What was installed, by package. */
  readonly versions: Readonly<Record<string, string>>;
  /** The compiled suite of a kind. */
  program(kind: ModuleKind): string;
}

const SMOKE = join(ROOT, 'test', 'package', 'smoke');
const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  // The types of some old versions do not compile with those of others; what the suite uses of them is checked.
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'out',
  types: ['node'],
};

/** Installs the tarball beside one pair of versions and compiles the smoke suite there. */
export async function makeProject(folder: string, pair: Pair, tarball: string): Promise<ScratchProject> {
  const { nest, nestTypeorm, typeorm, others } = pair;
  const dependencies = {
    '@nestjs/common': nest,
    '@nestjs/core': nest,
    '@nestjs/platform-express': nest,
    '@nestjs/platform-fastify': nest,
    '@nestjs/typeorm': nestTypeorm,
    typeorm,
    pg: others.pg,
    rxjs: others.rxjs,
    'reflect-metadata': others.reflect,
    'nestjs-trial-metadata': `file:${tarball}`,
    '@types/node': '^20.0.0',
    '@types/express': '^5.0.0',
    '@types/pg': '^8.0.0',
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await mustRun('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  for (const kind of MODULE_KINDS) await compile(join(folder, kind), kind);
  return {
    folder,
    versions: await installedVersions(folder, Object.keys(dependencies)),
    program: (kind) => join(folder, kind, 'out', 'main.js'),
  };
}

async function compile(folder: string, kind: ModuleKind): Promise<void> {
  await cp(SMOKE, join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: kind }));
  const config = { compilerOptions: COMPILER_OPTIONS, include: ['src'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await mustRun(process.execPath, [COMPILER, '-p', folder], { cwd: folder });
}

/** What is installed in a project, by package. */
export async function installedVersions(
  folder: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const entries = names.map(async (name) => {
    const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return [name, String((JSON.parse(text) as { readonly version?: unknown }).version)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
