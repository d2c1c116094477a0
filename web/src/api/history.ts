import type { JsonValue } from '../shared/metadata.js';
import { readPage, type ListPage } from './metadata.js';
import { readList, readNumber, readObject, readText, readTextOrNull } from './read.js';
import { apiPath, request } from './request.js';

/** What one revision changed. */
export interface Revision {
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  /** Which kind of request it was, in the server's word: `report`, `set`, `revert`… */
  readonly source: string | null;
  readonly changes: readonly FieldChange[];
}

/** A field that came has no `before`, one that went no `after`. */
export interface FieldChange {
  /** The path as text. */
  readonly field: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

export async function getHistory(
  trialId: number,
  after: string | null,
  signal?: AbortSignal,
): Promise<ListPage<Revision>> {
  const path = apiPath`/trials/${trialId}/metadata/history`;
  return readPage(
    await request({ path, query: { limit: 25, after: after ?? undefined }, signal }),
    (item) => ({
      revision: readNumber(item.get('revision'), 'revision'),
      updatedAt: readText(item.get('updatedAt'), 'updatedAt'),
      updatedBy: readTextOrNull(item.get('updatedBy')),
      source: readTextOrNull(item.get('source')),
      changes: readList(item.get('changes'), 'changes').map((value) => {
        const change = readObject(value, 'change');
        return {
          field: readText(change.get('field'), 'change.field'),
          before: change.get('before'),
          after: change.get('after'),
        };
      }),
    }),
  );
}
