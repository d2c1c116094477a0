import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { InvalidRequestError } from '../metadata.errors.js';
import type { PageEnd } from './compile-sort.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const QUERY_BYTES = 8;

/**
 * Writes and reads the cursors of paged answers. A cursor is encrypted and authenticated (AES-256-GCM): a client can
 * neither change it nor read the values of rows in it. It belongs to one query, and is refused for any other.
 */
export class CursorCodec {
  private readonly key: Uint8Array;

  /** @param secret the same on every replica of a host; without one, cursors end with the process */
  constructor(secret: string | Uint8Array = randomBytes(32)) {
    this.key = new Uint8Array(hkdfSync('sha256', secret, '', 'trial-metadata cursor', 32));
  }

  /** @param query whatever makes the query what it is: filter, sort, restriction, as text */
  encode(end: PageEnd, query: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    cipher.setAAD(digest(query));
    const body = Buffer.concat([
      cipher.update(JSON.stringify([end.id, ...end.values]), 'utf8'),
      cipher.final(),
    ]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** @throws InvalidRequestError `invalid_cursor` for anything but a cursor of this very query */
  decode(cursor: string, query: string, at = 'after'): PageEnd {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== cursor)
      throw invalidCursor(at);
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    decipher.setAAD(digest(query));
    let text: string;
    try {
      text =
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw invalidCursor(at);
    }
    // Authenticated: only encode above writes it.
    const [id, ...values] = JSON.parse(text) as [string, ...(string | null)[]];
    return { id, values };
  }
}

function digest(query: string): Uint8Array {
  return createHash('sha256').update(query).digest().subarray(0, QUERY_BYTES);
}

function invalidCursor(at: string): InvalidRequestError {
  return InvalidRequestError.at(
    at,
    'invalid_cursor',
    'This is no cursor of this query. Pass `next` of the page before, with the same filter and sort; or leave it out to start at the first page.',
  );
}
