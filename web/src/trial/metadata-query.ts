import { queryOptions } from '@tanstack/react-query';
import { getMetadata, type MetadataDocument } from '../api/metadata.js';

/** A trial's metadata as it is now. */
export function metadataQuery(trialId: number) {
  return queryOptions({
    queryKey: ['metadata', trialId],
    queryFn: ({ signal }) => getMetadata(trialId, signal),
    structuralSharing: newer,
  });
}

/** An answer that was on its way while the metadata was saved is older than what is shown. */
function newer(shown: unknown, answer: unknown): unknown {
  // Both are what `queryFn` answers, which React Query's type of this option does not tell.
  const [before, after] = [shown as MetadataDocument | undefined, answer as MetadataDocument];
  return before !== undefined && before.revision > after.revision ? before : after;
}
