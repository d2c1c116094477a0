import { QueryClient } from '@tanstack/react-query';
import { isServerDown } from '../api/api-error.js';

/** Answers in memory. A server that is down is asked again until it is back, ever less often; nothing else is. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (_count, error) => isServerDown(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        // Documents are maps, which React Query would not share between answers anyway.
        structuralSharing: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
