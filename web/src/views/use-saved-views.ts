import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getViews, type SavedView, type ViewTable } from '../api/views.js';

/** What the views of a table are kept under in memory. */
export function savedViewsKey(projectId: number | undefined, table: ViewTable): readonly unknown[] {
  return ['views', projectId ?? null, table];
}

/** The views of a project's table by name; not asked for without a project. */
export function useSavedViews(
  projectId: number | undefined,
  table: ViewTable,
  enabled: boolean,
): UseQueryResult<readonly SavedView[]> {
  return useQuery({
    queryKey: savedViewsKey(projectId, table),
    queryFn: async ({ signal }) => {
      if (projectId === undefined) throw new Error('There is no project.');
      const views = await getViews(projectId, table, signal);
      return [...views].sort((a, b) => a.name.localeCompare(b.name));
    },
    enabled: enabled && projectId !== undefined,
    staleTime: 10_000,
  });
}
