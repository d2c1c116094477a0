import type { MasterUser } from '../access/master-user.js';

/** A user as Determined's clients read one. */
export interface DeterminedUser {
  /** {@link NOBODY} for the administrator of `ADMIN_TOKEN`, who is in no table. */
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  readonly admin: boolean;
  readonly active: boolean;
  readonly remote: boolean;
}

/** An id that no user has. The SDK takes neither none nor 0. */
const NOBODY = -1;

export function determinedUser({ id, name, administrator }: MasterUser): DeterminedUser {
  return {
    id: id ?? NOBODY,
    username: name,
    displayName: name,
    admin: administrator,
    active: true,
    remote: false,
  };
}
