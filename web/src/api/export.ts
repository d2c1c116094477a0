import { writeJson } from '../shared/metadata.js';
import { joinFields, joinSort } from '../view/list-text.js';
import { send } from './request.js';
import type { Search } from './search.js';

export type ExportFormat = 'csv' | 'jsonl';

/** Every matching trial as a file. */
export async function exportTrials(search: Search, format: ExportFormat): Promise<Blob> {
  const response = await send({
    path: '/trials/export',
    query: {
      format,
      projectId: search.projectId,
      filter: search.filter === null ? undefined : writeJson(search.filter),
      sort: joinSort(search.sort),
      fields: search.fields === undefined ? undefined : joinFields(search.fields),
      archived: search.archived === true ? 'true' : undefined,
    },
  });
  return response.blob();
}
