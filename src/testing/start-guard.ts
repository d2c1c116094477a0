import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Sees to it that the server on `dataFolder` ends and that `folder` goes when this process ends without having stopped it,
 * as when a test runner is killed.
 * @returns ends the guard
 */
export function startGuard(folder: string, dataFolder: string): () => void {
  // Of the same kind as this file: compiled, or a TypeScript source, which needs the loader of this process.
  const extension = extname(import.meta.url);
  const loader = extension === '.ts' ? loaderOf(process.execArgv) : [];
  const program = fileURLToPath(new URL(`./guard${extension}`, import.meta.url));
  const child = spawn(process.execPath, [...loader, program, folder, dataFolder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
  const { stdin } = child;
  stdin.on('error', () => undefined);
  // A pipe is a socket of Node's; it must not keep the tests from ending.
  if ('unref' in stdin) (stdin.unref as () => void).call(stdin);
  return () => stdin.end();
}

/** Only what loads modules: a program given by `--eval` must never run again as the guard. */
function loaderOf(options: readonly string[]): readonly string[] {
  return options.filter((option, index) => option === '--import' || options[index - 1] === '--import');
}
