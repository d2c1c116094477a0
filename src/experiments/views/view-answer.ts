import { RawJson } from '../../metadata/index.js';
import type { ProjectView, ViewTable } from './project-view.js';

/** A view as answers show it. Times are ISO 8601 in UTC, to the millisecond. */
export interface ViewAnswer {
  readonly id: number;
  readonly projectId: number;
  readonly table: ViewTable;
  readonly name: string;
  readonly search: RawJson;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
}

export function viewAnswer(view: ProjectView): ViewAnswer {
  const { id, projectId, table, name, search, createdAt, updatedAt, updatedBy } = view;
  return {
    id,
    projectId,
    table,
    name,
    search: new RawJson(search),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    updatedBy,
  };
}
