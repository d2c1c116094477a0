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

export async function getProjects(signal?: AbortSignal): Promise<readonly Project[]> {
  return readPage(await request({ path: '/projects', query: { limit: 200 }, signal }), readProject).items;
}

function readProject(item: JsonObject): Project {
  return {
    id: readNumber(item.get('id'), 'project.id'),
    name: readText(item.get('name'), 'project.name'),
    role: readTextOrNull(item.get('role')),
  };
}
