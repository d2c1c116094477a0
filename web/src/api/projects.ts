import { type JsonObject } from '../shared/metadata.js';
import { readNumber, readText, readTextOrNull } from './read.js';
import { readPage } from './metadata.js';
import { request } from './request.js';

export interface Project {
  readonly id: number;
  readonly name: string;
  /** What the caller may do there, where the server says so. */
  readonly role: string | null;
}

/** The projects that the caller may see, up to 200; with another token than the session's when one is given. */
export async function getProjects(signal?: AbortSignal, token?: string): Promise<readonly Project[]> {
  const answer = await request({
    path: '/projects',
    query: { limit: 200 },
    signal,
    ...(token === undefined ? {} : { token }),
  });
  return readPage(answer, readProject).items;
}

function readProject(item: JsonObject): Project {
  return {
    id: readNumber(item.get('id'), 'project.id'),
    name: readText(item.get('name'), 'project.name'),
    role: readTextOrNull(item.get('role')),
  };
}
