import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.js';
import { getMe, type User } from '../api/me.js';

/** Of a host that does not say who is signed in, nor what he may do. */
const SOMEBODY: User = { name: '', administrator: false, roles: null };

/** Who is signed in; undefined until the server has said. */
export function useMe(): User | undefined {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => getMe(signal).catch(somebodyIfUntold),
    staleTime: 300_000,
  }).data;
}

function somebodyIfUntold(error: unknown): User {
  if (error instanceof ApiError && error.status === 404) return SOMEBODY;
  throw error;
}

/**
 * Whether the user may change trials of a project, as far as the page knows: it only decides what is offered, the server
 * checks every write.
 */
export function useCanEdit(projectId: number | null): boolean {
  const me = useMe();
  if (me === undefined) return false;
  // Where roles are not told, everything is offered.
  if (me.administrator || me.roles === null) return true;
  return projectId !== null && me.roles.get(projectId) === 'editor';
}
