import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf, reasonOf } from '../../postgres/index.js';
import { CliError } from './cli.error.js';

/** A file of lines, unpacked where it is packed. */
export interface OpenedLines {
  readonly lines: Readable;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes of the file that were read so far. */
  bytesRead(): number;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * Opens a file of JSON Lines; gzip is told by the file's first bytes, not by its name.
 *
 * @throws CliError when there is no such file; `lines` fails with a CliError when its gzip data are broken.
 */
export async function openLines(file: string): Promise<OpenedLines> {
  const { size, packed } = await inspect(file);
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  const bytesRead = (): number => source.bytesRead;
  if (!packed) return { lines: source, size, bytesRead };
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(new CliError(`${file} cannot be read: ${error.message}.`)));
  gunzip.on('close', () => source.destroy());
  source.pipe(gunzip);
  return { lines: gunzip, size, bytesRead };
}

/** What to say of an error that reading the lines of `file` ended with; undefined when it comes from elsewhere. */
export function brokenFile(file: string, error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (!codeOf(error).startsWith('Z_')) return undefined;
  return new CliError(
    `${file}: its gzip data are broken (${reasonOf(error)}). The lines before that went in; get the file again and repeat.`,
  );
}

async function inspect(file: string): Promise<{ readonly size: number; readonly packed: boolean }> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) throw new Error('it is a folder');
    const handle = await open(file);
    try {
      const head = Buffer.alloc(GZIP.length);
      await handle.read(head, 0, GZIP.length, 0);
      return { size: facts.size, packed: head.equals(GZIP) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    const reason = missing ? 'there is no such file' : reasonOf(error);
    throw new CliError(`${file} cannot be read: ${reason}.`, { cause: error });
  }
}
