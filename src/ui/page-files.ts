import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CheckedUiOptions } from './metadata-ui.options.js';
import { hostDocument, NOT_BUILT } from './page-document.js';

/** One file of the page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Compressed, where that makes it smaller. */
  readonly gzipped: Buffer | undefined;
  /** Names the bytes: a hash of them, without quotes. */
  readonly tag: string;
  /** Whether its name changes with what it holds, so that it may be kept forever. */
  readonly immutable: boolean;
}

/** The files of the page by their path below it; `index.html` is always there. */
export type PageFiles = ReadonlyMap<string, PageFile>;

export const INDEX = 'index.html';

const compress = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Reads the built page. Only what is listed here is ever served, whatever a request's path looks like.
 * @throws Error when the folder holds another page
 */
export async function readPageFiles(options: CheckedUiOptions): Promise<PageFiles> {
  const { folder } = options;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    const bytes = await readFile(path);
    files.set(
      name,
      await pageFile(name, name === INDEX ? Buffer.from(hostDocument(bytes.toString(), options)) : bytes),
    );
  }
  if (!files.has(INDEX)) files.set(INDEX, await pageFile(INDEX, Buffer.from(NOT_BUILT)));
  return files;
}

async function pageFile(name: string, bytes: Buffer): Promise<PageFile> {
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const gzipped = type.startsWith('font/') ? undefined : await compress(bytes);
  return {
    type,
    bytes,
    gzipped: gzipped !== undefined && gzipped.length < bytes.length ? gzipped : undefined,
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    immutable: name.startsWith('assets/'),
  };
}
