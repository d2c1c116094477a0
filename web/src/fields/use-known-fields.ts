import { keepPreviousData, queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getFields, type KnownField, type ListPage } from '../api/metadata.js';

/** As many fields, the most common ones, are loaded and listed; the server finds the others by a part of their name. */
const PAGE_SIZE = 300;

const STALE_MS = 60_000;

/**
 * The most common fields of a project's trials, of all that the caller may see without a project; those whose name holds
 * `q`. Where there are more, `next` is not null.
 */
export function useKnownFields(projectId: number | undefined, q = ''): UseQueryResult<ListPage<KnownField>> {
  return useQuery({ ...knownFieldsQuery(projectId, q), placeholderData: keepPreviousData });
}

/** The request behind {@link useKnownFields}. */
export function knownFieldsQuery(projectId: number | undefined, q: string) {
  return queryOptions({
    queryKey: ['fields', projectId ?? null, q],
    queryFn: ({ signal }) => getFields({ projectId, q, order: 'trials', limit: PAGE_SIZE }, signal),
    staleTime: STALE_MS,
  });
}
