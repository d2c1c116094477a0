import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'tm_';
const SHOWN = PREFIX.length + 6;

/** A new token: 256 random bits, recognisable in a text that should not hold it. */
export function makeToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** How the token begins, for lists; tells nothing that helps to guess the rest. */
export function tokenPrefix(token: string): string {
  return token.slice(0, SHOWN);
}

/** What is kept of a token. One round is enough, since nobody can try 2^256 tokens. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
