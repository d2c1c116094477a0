import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getFields, type KnownField, type ListPage } from '../api/metadata.js';

/** The server lists no more at once; a search text finds the others. */
const MAX_FIELDS = 1_000;

/** The fields that the trials of a project hold; of all that the caller may see, without a project. */
export function useKnownFields(projectId: number | undefined, q = ''): UseQueryResult<ListPage<KnownField>> {
  return useQuery({
    queryKey: ['fields', projectId ?? null, q],
    queryFn: ({ signal }) => getFields({ projectId, q, limit: MAX_FIELDS }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
