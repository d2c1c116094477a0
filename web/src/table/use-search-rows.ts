import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Search, SearchPage, Total } from '../api/search.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';

const PAGE_SIZE = 100;
/** Milliseconds that rows stay in memory, so that the way back from a trial leads to the row that it was. */
const KEPT_MS = 30 * 60_000;

/** Milliseconds between two looks whether there is something by now. */
export const AWAITED_MS = 5_000;

/** The rows of a search as far as they are loaded. */
export interface SearchRows<Row> {
  readonly rows: readonly Row[];
  readonly total: Total | null;
  readonly hints: readonly JsonValue[];
  readonly loadMore: () => void;
  /** Whether the rows are still those of the search before. */
  readonly stale: boolean;
  readonly query: {
    readonly error: Error | null;
    readonly failureReason: Error | null;
    readonly isFetching: boolean;
    readonly isPending: boolean;
    readonly data: unknown;
    readonly refetch: () => unknown;
  };
}

/**
 * Runs a search and pages through it. Each search has its own key, and one that nobody waits for any more is cancelled,
 * so that a late answer never replaces a newer one. Where rows are awaited, an empty search is run again every few
 * seconds while the window can be seen.
 */
export function useSearchRows<Row>(
  kind: string,
  search: Search | null,
  run: (search: Search, signal: AbortSignal) => Promise<SearchPage<Row>>,
  awaited: boolean,
): SearchRows<Row> {
  const key = search === null ? null : writeJson({ ...search, after: undefined });
  const query = useInfiniteQuery({
    queryKey: [kind, key],
    queryFn: ({ pageParam, signal }) => {
      if (search === null) throw new Error('There is no search yet.');
      const first = pageParam === null;
      return run(
        { ...search, limit: PAGE_SIZE, after: pageParam, count: first ? undefined : 'none' },
        signal,
      );
    },
    enabled: search !== null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
    refetchInterval: ({ state }) =>
      awaited && state.data?.pages[0]?.items.length === 0 ? AWAITED_MS : false,
  });
  const { data, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const first = data?.pages[0];
  const loadMore = useMemo(
    () => () => {
      if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) void fetchNextPage();
    },
    [hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage],
  );
  return {
    rows,
    total: first?.total ?? null,
    hints: first?.hints ?? [],
    loadMore,
    stale: isPlaceholderData,
    query,
  };
}
