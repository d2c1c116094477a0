import { useQuery } from '@tanstack/react-query';
import { getMe, type User } from '../api/me.js';

/** Who is signed in; undefined until the server has said. */
export function useMe(): User | undefined {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => getMe(signal), staleTime: 300_000 }).data;
}

/**
 * Whether the user may change trials of a project, as far as the page knows: it only decides what is offered, the server
 * checks every write.
 */
export function useCanEdit(projectId: number | null): boolean {
  const me = useMe();
  if (me === undefined) return false;
  if (me.administrator) return true;
  return projectId !== null && me.roles?.get(projectId) === 'editor';
}
