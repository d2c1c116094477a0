import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../scripts/package/pack.js';
import { readManifest, type Manifest } from '../scripts/package/manifest.js';

/** Folders of `src` that are published, with those that they stand on; the reference master is not. */
const PUBLISHED = readdirSync(join(ROOT, 'src')).filter((folder) => folder !== 'master');

describe('the package', () => {
  let manifest: Manifest;

  beforeAll(async () => {
    manifest = await readManifest();
  });

  /** The source of each entry, as the build lays it out. */
  const entries = () =>
    Object.entries(manifest.exports).flatMap(([entry, target]) =>
      typeof target === 'string'
        ? []
        : [{ entry, target, source: target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts') }],
    );

  it('has entries that are the front doors of folders, types first', () => {
    for (const { entry, target, source } of entries()) {
      expect({ entry, there: existsSync(join(ROOT, source)) }).toEqual({ entry, there: true });
      expect(source).toMatch(/^src\/[a-z]+\/index\.ts$/);
      expect(Object.keys(target)).toEqual(['types', 'default']);
      expect(target.types).toBe(target.default.replace(/\.js$/, '.d.ts'));
    }
    expect(manifest.exports['./package.json']).toBe('./package.json');
  });

  it('exports these names, and no others: a change of them is a change for hosts', () => {
    const program = ownProgram(entries().map(({ source }) => join(ROOT, source)));
    const checker = program.getTypeChecker();
    const names = entries().map(({ entry, source }) => {
      const file = program.getSourceFile(join(ROOT, source));
      const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
      if (symbol === undefined) throw new Error(`${source} exports nothing.`);
      const exported = checker.getExportsOfModule(symbol).map((one) => one.getName());
      return [entry, exported.sort()];
    });
    expect(Object.fromEntries(names)).toMatchSnapshot();
  });

  it('has no runtime dependency, and imports nothing but its peers and Node.js', () => {
    expect(manifest.dependencies).toBeUndefined();
    const imported = new Set(PUBLISHED.flatMap((folder) => [...importsOf(join(ROOT, 'src', folder))]));
    const foreign = [...imported].filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    const unknown = foreign.filter((name) => !Object.hasOwn(manifest.peerDependencies, packageOf(name)));
    expect(unknown).toEqual([]);
  });

  it('names its client’s imports: none', () => {
    const imported = [...importsOf(join(ROOT, 'src', 'client'))];
    expect(imported.filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  it('tests each peer in the version that development has', () => {
    for (const peer of Object.keys(manifest.peerDependencies)) {
      expect(Object.keys(manifest.devDependencies)).toContain(peer);
    }
  });

  it('says of each dependency what it is for and under which licence', () => {
    const page = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([^`]+)`\s*\|[^|]+\|[^|]+\|\s*(\S+)\s*\|$/gm)];
    const told = new Map(rows.map(([, name = '', licence]) => [name, licence]));
    const named = { ...manifest.peerDependencies, ...manifest.devDependencies };
    const licences = Object.keys(named).map((name) => [name, licenceOf(name)]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(licences));
  });
});

/** The sources and what they import of each other; other packages are not read, which takes a hundred times as long. */
function ownProgram(files: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = { noLib: true, types: [], module: ts.ModuleKind.NodeNext };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containingFile) =>
    literals.map(({ text }) => ({
      resolvedModule: text.startsWith('.')
        ? {
            resolvedFileName: join(dirname(containingFile), text.replace(/\.js$/, '.ts')),
            extension: ts.Extension.Ts,
          }
        : undefined,
    }));
  return ts.createProgram(files, options, host);
}

/** The module names that the sources of a folder import, tests left out. */
function importsOf(folder: string): ReadonlySet<string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const imported = sources.flatMap((name) =>
    ts.preProcessFile(readFileSync(join(folder, name), 'utf8')).importedFiles.map(({ fileName }) => fileName),
  );
  return new Set(imported);
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function licenceOf(name: string): unknown {
  const file = join(ROOT, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly license?: unknown }).license;
}
