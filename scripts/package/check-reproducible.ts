import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack, stage } from './pack.js';

/** Builds and packs a second time, elsewhere. @throws Error when the bytes differ */
export async function checkReproducible(tarball: string, folder: string): Promise<string> {
  await stage(join(folder, 'package'));
  const again = await pack(join(folder, 'package'), folder);
  const [one, other] = await Promise.all([digest(tarball), digest(again)]);
  if (one !== other) {
    throw new Error(`Two builds were packed to different bytes: ${one} and ${other}. Is dist up to date?`);
  }
  return `reproducible: twice sha256 ${one}`;
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
