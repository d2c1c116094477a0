import type { User } from '../entities/user.entity.js';

/** A user over HTTP. */
export interface UserAnswer {
  readonly id: number;
  readonly name: string;
  readonly administrator: boolean;
  readonly active: boolean;
  /** Whether he can sign in with a password. */
  readonly hasPassword: boolean;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

export function userAnswer({ id, name, administrator, active, passwordHash, createdAt }: User): UserAnswer {
  return {
    id,
    name,
    administrator,
    active,
    hasPassword: passwordHash !== null,
    createdAt: createdAt.toISOString(),
  };
}
