import { readObject, readText } from './read.js';
import { request } from './request.js';

/**
 * Signs in with a name and a password.
 * @returns the session's token
 * @throws ApiError when the server refuses the two
 */
export async function signIn(username: string, password: string): Promise<string> {
  const answer = await request({ method: 'POST', path: '/auth/login', body: { username, password } });
  return readText(readObject(answer, 'sign-in').get('token'), 'sign-in.token');
}
