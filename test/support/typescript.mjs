/**
 * Lets plain Node.js run this project's TypeScript: `node --import ./test/support/typescript.mjs file.ts`. Decorators and
 * their metadata come out as in the build, which Node's own type stripping cannot do.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** The package by its own name, as its users import it: `nestjs-trial-metadata/experiments`. */
const OWN_NAME = /^nestjs-trial-metadata(?:\/([a-z]+))?$/;

export async function resolve(specifier, context, nextResolve) {
  const own = OWN_NAME.exec(specifier);
  if (own !== null) {
    const source = new URL(`../../src/${own[1] ?? 'metadata'}/index.ts`, import.meta.url);
    return { url: source.href, format: 'module', shortCircuit: true };
  }
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const typescript = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(typescript)) return { url: typescript.href, format: 'module', shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { transform } = await import('@swc/core');
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { filename });
  return { format: 'module', source: code, shortCircuit: true };
}
