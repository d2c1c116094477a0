import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '../shared/metadata.js';
import { readObject, readTextOrNull } from './read.js';
import { request } from './request.js';

/** Who is signed in. */
export interface User {
  readonly name: string;
  readonly administrator: boolean;
  /** Roles by project id, where the server tells them. */
  readonly roles: ReadonlyMap<number, string> | null;
}

/**
 * Who a token belongs to; the session's when none is given.
 * @throws ApiError with status 401 when the server does not know it
 */
export async function getMe(signal?: AbortSignal, token?: string): Promise<User> {
  const answer = await request({ path: '/me', signal, ...(token === undefined ? {} : { token }) });
  const user = readObject(readObject(answer, 'me').get('user'), 'user');
  return {
    name: readTextOrNull(user.get('name')) ?? '',
    administrator: user.get('administrator') === true,
    roles: readRoles(user.get('roles') ?? user.get('projects')),
  };
}

function readRoles(value: JsonValue | undefined): ReadonlyMap<number, string> | null {
  if (isJsonArray(value)) {
    return new Map(
      value.filter(isJsonObject).flatMap((entry): [number, string][] => {
        const project = entry.get('projectId');
        const role = entry.get('role');
        return project instanceof JsonNumber && typeof role === 'string' ? [[project.toNumber(), role]] : [];
      }),
    );
  }
  if (!isJsonObject(value)) return null;
  return new Map(
    [...value].flatMap(([id, role]): [number, string][] =>
      typeof role === 'string' ? [[Number(id), role]] : [],
    ),
  );
}
