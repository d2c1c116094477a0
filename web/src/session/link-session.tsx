import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { hostSignsIn } from '../api/page-settings.js';
import { notify } from '../app/notify.js';
import { QueryState } from '../app/query-state.js';
import { isRefusal, proveToken } from './prove-token.js';
import { refuseLink, sessionToken, startSession } from './session.js';

/** Why the page is not open with the token of its link. */
export const LINK_REFUSED = "This link's token is not valid (any more).";

/** Stands where the page will be while the server is asked whether it takes the token of a link. */
export function LinkSession({ token }: { readonly token: string }): ReactElement {
  const query = useQuery({ queryKey: ['link', token], queryFn: () => tryLink(token), gcTime: 0 });
  return <QueryState query={query} label="the page" />;
}

/** Starts a session with the token; where it is refused, the session before goes on. */
async function tryLink(token: string): Promise<boolean> {
  try {
    await proveToken(token);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (sessionToken() !== null || hostSignsIn()) {
      void notify({
        color: 'orange',
        title: LINK_REFUSED,
        message: 'You are signed in as before.',
        autoClose: false,
      });
    }
    refuseLink();
    return false;
  }
  startSession(token);
  return true;
}
