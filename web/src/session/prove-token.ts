import { ApiError } from '../api/api-error.js';
import { getMe } from '../api/me.js';
import { getProjects } from '../api/projects.js';

/**
 * Asks who the token is of; a host that does not tell is asked for something that needs one.
 * @throws what {@link isRefusal} is true of when the server does not take the token; other errors say nothing of it
 */
export async function proveToken(token: string): Promise<void> {
  try {
    await getMe(undefined, token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    await getProjects(undefined, token);
  }
}

/** Whether the server has refused a token, or a name with its password. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 401, 403].includes(error.status);
}
