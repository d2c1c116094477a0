import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getFields, type KnownField, type ListPage } from '../api/metadata.js';

/** The server lists no more at once. */
const PAGE_SIZE = 1_000;
/** So many of these are loaded; a search text finds the others. */
const MAX_PAGES = 3;

/** The fields that the trials of a project hold; of all that the caller may see, without a project. */
export function useKnownFields(projectId: number | undefined, q = ''): UseQueryResult<ListPage<KnownField>> {
  return useQuery({
    queryKey: ['fields', projectId ?? null, q],
    queryFn: ({ signal }) => loadFields(projectId, q, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

async function loadFields(
  projectId: number | undefined,
  q: string,
  signal: AbortSignal,
): Promise<ListPage<KnownField>> {
  const items: KnownField[] = [];
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer: ListPage<KnownField> = await getFields({ projectId, q, limit: PAGE_SIZE, after }, signal);
    items.push(...answer.items);
    after = answer.next;
    if (after === null) break;
  }
  return { items, next: after };
}
