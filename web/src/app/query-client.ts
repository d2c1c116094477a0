import { focusManager, QueryClient } from '@tanstack/react-query';
import { isServerDown } from '../api/api-error.js';

/**
 * Answers in memory. A server that is down is asked again until it is back, ever less often; nothing else is. What is
 * shown is asked for again when somebody comes back to the window, since others may have changed it.
 */
export function createQueryClient(): QueryClient {
  focusManager.setEventListener(listenToFocus);
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (_count, error) => isServerDown(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
        staleTime: 5_000,
        // Documents are maps, which React Query would not share between answers anyway.
        structuralSharing: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** By itself React Query notices a window that was hidden, and not one that was beside another. */
function listenToFocus(onFocus: () => void): () => void {
  const listen = (): void => onFocus();
  window.addEventListener('visibilitychange', listen);
  window.addEventListener('focus', listen);
  return () => {
    window.removeEventListener('visibilitychange', listen);
    window.removeEventListener('focus', listen);
  };
}
