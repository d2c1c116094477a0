import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ROOT } from './pack.js';
import { readManifest } from './manifest.js';
import { mustRun } from './run-program.js';

/** Asks publint and are-the-types-wrong. @throws Error with what they complain of */
export async function checkPublished(tarball: string): Promise<string> {
  const manifest = await readManifest();
  const bytes = await readFile(tarball);
  const { messages } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
  if (messages.length > 0) {
    const lines = messages.map((message) => formatMessage(message, manifest as never) ?? message.code);
    throw new Error(`publint: ${lines.join('\n')}`);
  }
  const program = join(ROOT, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  await mustRun(process.execPath, [program, tarball, '--profile', 'esm-only', '--format', 'ascii'], {
    cwd: ROOT,
  });
  return 'publint and are-the-types-wrong (profile esm-only): no complaint';
}
