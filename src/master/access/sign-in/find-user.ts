import type { DataSource } from 'typeorm';
import type { MasterUser } from '../master-user.js';
import type { ProjectRole } from '../project-role.js';

/** Milliseconds; what `lastUsedAt` is exact to. */
const USE_INTERVAL = 60_000;

/** A user whom a token led to. */
export interface TokenUser {
  readonly user: MasterUser;
  readonly tokenId: string;
  readonly lastUsedAt: Date | null;
}

/** A user who may have a password. */
export interface PasswordUser {
  readonly user: MasterUser;
  readonly passwordHash: string | null;
}

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly administrator: boolean;
  readonly roles: readonly (readonly [string, ProjectRole])[];
}

const USER = `users.id, users.name, users.administrator, ARRAY(
  SELECT json_build_array(project_id::text, role) FROM project_members WHERE user_id = users.id) AS roles`;

/** The active user of a token that is neither revoked nor expired. */
export async function findTokenUser(dataSource: DataSource, hash: Buffer): Promise<TokenUser | undefined> {
  const [row]: readonly (UserRow & { token_id: string; last_used_at: Date | null })[] =
    await dataSource.query(
      `SELECT ${USER}, user_tokens.id AS token_id, last_used_at FROM user_tokens JOIN users ON users.id = user_id
      WHERE hash = $1 AND active AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
      [hash, new Date()],
    );
  return row && { user: userOf(row), tokenId: row.token_id, lastUsedAt: row.last_used_at };
}

/** The active user of a name, in upper or lower case. */
export async function findPasswordUser(
  dataSource: DataSource,
  name: string,
): Promise<PasswordUser | undefined> {
  // PostgreSQL holds no NUL, and no user's name has one.
  if (name.includes('\0')) return undefined;
  const [row]: readonly (UserRow & { password_hash: string | null })[] = await dataSource.query(
    `SELECT ${USER}, password_hash FROM users
      WHERE lower(name COLLATE "und-x-icu") = lower($1 COLLATE "und-x-icu") AND active`,
    [name],
  );
  return row && { user: userOf(row), passwordHash: row.password_hash };
}

/** Keeps when the token was last used. A database that takes no writes at the moment keeps nobody out. */
export async function noteTokenUse(
  dataSource: DataSource,
  { tokenId, lastUsedAt }: TokenUser,
): Promise<void> {
  const now = new Date();
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < USE_INTERVAL) return;
  await dataSource
    .query('UPDATE user_tokens SET last_used_at = $2 WHERE id = $1', [tokenId, now])
    .catch(() => undefined);
}

function userOf({ id, name, administrator, roles }: UserRow): MasterUser {
  return {
    id: Number(id),
    name,
    administrator,
    roles: new Map(roles.map(([projectId, role]) => [Number(projectId), role])),
  };
}
