import type { UserToken } from '../entities/user-token.entity.js';

/** A token over HTTP; the token itself is not in it. Times are ISO 8601 in UTC. */
export interface TokenAnswer {
  readonly id: number;
  readonly name: string;
  /** How it begins. */
  readonly prefix: string;
  /** Made by a sign-in with a password. */
  readonly session: boolean;
  readonly createdAt: string;
  /** Kept to the minute; null: never. */
  readonly lastUsedAt: string | null;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** Null: it was not revoked. */
  readonly revokedAt: string | null;
}

export function tokenAnswer(token: UserToken): TokenAnswer {
  const { id, name, prefix, session, createdAt, lastUsedAt, expiresAt, revokedAt } = token;
  return {
    id,
    name,
    prefix,
    session,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
