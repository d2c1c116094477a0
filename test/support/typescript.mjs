/**
 * Lets plain Node.js run this project's TypeScript: `node --import ./test/support/typescript.mjs file.ts`. Decorators and
 * their metadata come out as in the build, which Node's own type stripping cannot do.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** The package by its own name, as its users import it: `nestjs-trial-metadata/experiments`. */
const OWN_NAME = /^nestjs-trial-metadata(?:\/([a-z]+))?$/;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/typescript');
/** What else the compiler's output depends on. */
const SETTINGS = ['.swcrc', 'node_modules/@swc/core/package.json']
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join();

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
  const filename = fileURLToPath(url);
  return { format: 'module', source: await compiled(filename), shortCircuit: true };
}

/**
 * What swc makes of a file, kept for the many processes of a test run, which begin in two thirds of the time. Read
 * synchronously: this is a thread of its own, and most of the time of a promise is that of the promise.
 */
async function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha256')
    .update(JSON.stringify([SETTINGS, filename, source]))
    .digest('hex');
  const kept = join(CACHE, `${name}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, { filename });
  keep(kept, code);
  return code;
}

/** Whole or not at all, since other processes look for it at the same time; where nothing can be written, not at all. */
function keep(file, code) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, file);
  } catch {
    // It is compiled again the next time.
  }
}
