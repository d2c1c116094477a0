import type { ProjectRole } from './project-role.js';

/** Who sends a request, as the bearer guard leaves it at `request.user`. */
export interface MasterUser {
  /** Null for the administrator of `ADMIN_TOKEN`, who is in no table. */
  readonly id: number | null;
  /** What histories and `updatedBy` show. */
  readonly name: string;
  /** May do everything in every project. */
  readonly administrator: boolean;
  /** By project id; of no meaning for an administrator. */
  readonly roles: ReadonlyMap<number, ProjectRole>;
}

/** An administrator who is in no table: whoever has `ADMIN_TOKEN`, or the master itself. */
export function builtInAdministrator(name: string): MasterUser {
  return { id: null, name, administrator: true, roles: new Map() };
}

/** The name of the administrator of `ADMIN_TOKEN`. */
export const ADMIN_NAME = 'admin';

/** Names that no user may take, since histories would show his changes as somebody else's. */
export const RESERVED_NAMES: readonly string[] = [ADMIN_NAME, 'demo'];
