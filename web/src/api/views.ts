import type { JsonObject, JsonValue } from '../shared/metadata.js';
import { readPage } from './metadata.js';
import { readNumber, readObject, readText, readTextOrNull } from './read.js';
import { apiPath, request } from './request.js';

/** What a view is of. */
export type ViewTable = 'trials' | 'experiments';

/** A search that a project keeps under a name. */
export interface SavedView {
  readonly id: number;
  readonly name: string;
  readonly search: JsonObject;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** The most that a page of the list holds, and how many pages are read. */
const PAGE_SIZE = 200;
const MAX_PAGES = 5;

/** The views of a project's table, up to 1,000. */
export async function getViews(
  projectId: number,
  table: ViewTable,
  signal?: AbortSignal,
): Promise<readonly SavedView[]> {
  const views: SavedView[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { table, limit: PAGE_SIZE, after };
    const answer = await request({ path: apiPath`/projects/${projectId}/views`, query, signal });
    const { items, next } = readPage(answer, readView);
    views.push(...items);
    if (next === null) break;
    after = next;
  }
  return views;
}

export async function createView(
  projectId: number,
  table: ViewTable,
  name: string,
  search: JsonObject,
): Promise<SavedView> {
  const body = { name, table, search };
  return readAnswer(await request({ method: 'POST', path: apiPath`/projects/${projectId}/views`, body }));
}

/** Changes what is given. */
export async function changeView(
  projectId: number,
  id: number,
  body: { readonly name?: string; readonly search?: JsonObject },
): Promise<SavedView> {
  const path = apiPath`/projects/${projectId}/views/${id}`;
  return readAnswer(await request({ method: 'PATCH', path, body }));
}

export async function deleteView(projectId: number, id: number): Promise<void> {
  await request({ method: 'DELETE', path: apiPath`/projects/${projectId}/views/${id}` });
}

function readAnswer(answer: JsonValue): SavedView {
  return readView(readObject(readObject(answer, 'answer').get('view'), 'view'));
}

function readView(view: JsonObject): SavedView {
  return {
    id: readNumber(view.get('id'), 'view.id'),
    name: readText(view.get('name'), 'view.name'),
    search: readObject(view.get('search'), 'view.search'),
    updatedAt: readTextOrNull(view.get('updatedAt')),
    updatedBy: readTextOrNull(view.get('updatedBy')),
  };
}
