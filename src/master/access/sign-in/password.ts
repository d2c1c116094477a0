import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** About 60 ms and 32 MiB for each try. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
const STORED = /^scrypt\$([\w-]{22})\$([\w-]{43})$/;

/** Mixed in by Determined's own clients, which send a hash in the place of the password; public, the same everywhere. */
const CLIENT_SALT = 'GubPEmmotfiK9TMD6Zdw';

/** What a client of Determined sends for a password, in hex. */
export function clientHash(password: string): string {
  return createHash('sha512').update(CLIENT_SALT).update(password).digest('hex');
}

/** What is kept of a password: a hash of its {@link clientHash}, slow to compute, with a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(clientHash(password), salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether a client hash is that of the password that was kept. Takes as long where nothing was kept, so that the time
 * tells no user's name.
 */
export async function verifyPassword(hash: string, kept: string | null): Promise<boolean> {
  const [, salt, expected] = STORED.exec(kept ?? '') ?? [];
  const key = await derive(hash, Buffer.from(salt ?? '', 'base64url'));
  return expected !== undefined && timingSafeEqual(key, Buffer.from(expected, 'base64url'));
}

function derive(hash: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(hash, salt, KEY_BYTES, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
