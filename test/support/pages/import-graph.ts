import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './read-page.js';

/** What the drawing shows apart within a part, since what it may import is a rule. */
const INNER = [
  'src/metadata/document',
  'src/metadata/query',
  'src/metadata/storage',
  'src/metadata/metadata.errors.ts',
];

/** The parts of the project, each with the parts that its files import; tests of parts are left out. */
export function importGraph(): ReadonlyMap<string, readonly string[]> {
  const parts = [...INNER, ...readdirSync(join(ROOT, 'src')).map((name) => `src/${name}`), 'web/src'];
  const graph = new Map<string, Set<string>>(parts.sort().map((part) => [part, new Set<string>()]));
  const partOf = (file: string) =>
    parts
      .filter((part) => file === part || file.startsWith(`${part}/`))
      .sort((a, b) => b.length - a.length)[0];
  for (const file of ['src', 'web/src'].flatMap(filesBelow)) {
    const from = partOf(file);
    for (const target of importsOf(file)) {
      const to = partOf(target);
      if (from !== undefined && to !== undefined && to !== from) graph.get(from)?.add(to);
    }
  }
  return new Map([...graph].map(([part, targets]) => [part, [...targets].sort()]));
}

/** The same as a drawing in Mermaid. */
export function drawing(graph: ReadonlyMap<string, readonly string[]>): string {
  const id = (part: string) => part.replace(/^src\//, '').replace(/\W/g, '_');
  const nodes = [...graph.keys()].map((part) => `  ${id(part)}["${part}"]`);
  const edges = [...graph].flatMap(([part, targets]) => targets.map((to) => `  ${id(part)} --> ${id(to)}`));
  return ['graph TD', ...nodes, ...edges, ''].join('\n');
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.(?:spec|test|d)\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`);
}

function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'));
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => relative(ROOT, resolve(ROOT, dirname(file), fileName)))
    .map((target) => target.replace(/\.js$/, '.ts'));
}
