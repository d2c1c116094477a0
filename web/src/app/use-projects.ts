import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { getProjects, type Project } from '../api/projects.js';

/** The projects that the user may see. */
export function useProjects(): UseQueryResult<readonly Project[]> {
  return useQuery({
    queryKey: ['projects'],
    queryFn: ({ signal }) => getProjects(signal),
    staleTime: 60_000,
  });
}
