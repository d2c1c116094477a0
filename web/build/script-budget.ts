import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

interface Chunk {
  readonly type: 'chunk';
  readonly fileName: string;
  readonly code: string;
  readonly isEntry: boolean;
  readonly imports: readonly string[];
}

/**
 * Fails the build when the scripts that the page loads before its first view (the entry and what it imports
 * statically, not what it loads later) come to more than `limit` bytes, compressed with gzip.
 */
export function scriptBudget(limit: number): Plugin {
  let print: (line: string) => void = () => undefined;
  return {
    name: 'script-budget',
    apply: 'build',
    configResolved({ logger }) {
      print = (line) => logger.info(line);
    },
    generateBundle(_options, bundle) {
      const chunks = new Map<string, Chunk>();
      for (const output of Object.values(bundle)) {
        if (output.type === 'chunk') chunks.set(output.fileName, output);
      }
      const first = firstView(chunks);
      const size = first.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
      const summary = `first view: ${kilobytes(size)} of ${kilobytes(limit)} kB scripts, compressed`;
      if (size > limit) this.error(`${summary}. Load part of it later, or drop a dependency.`);
      print(`\n${summary}`);
    },
  };
}

function firstView(chunks: ReadonlyMap<string, Chunk>): readonly Chunk[] {
  const seen = new Set<string>();
  const waiting = [...chunks.values()].filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(chunks.get(name)?.imports ?? []));
  }
  return [...seen].flatMap((name) => chunks.get(name) ?? []);
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}
