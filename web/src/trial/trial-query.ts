import { queryOptions } from '@tanstack/react-query';
import { getTrial } from '../api/trial-details.js';

/** A trial without its metadata. */
export function trialQuery(trialId: number) {
  return queryOptions({
    queryKey: ['trial', trialId],
    queryFn: ({ signal }) => getTrial(trialId, signal),
  });
}
