import { useQueryClient } from '@tanstack/react-query';
import type { MetadataDocument } from '../api/metadata.js';
import { metadataQuery } from './metadata-query.js';

/** What is made of a trial's metadata, and is asked for again when it has changed. */
const DERIVED = [
  'history',
  'trial',
  'fields',
  'values',
  'experiment',
  'count',
  'groups',
  'chart-rows',
  'compare',
];

/** What shows metadata that is newer than what is shown: just written, or found when somebody else was faster. */
export function useShowMetadata(): (document: MetadataDocument) => void {
  const queryClient = useQueryClient();
  return (document) => {
    queryClient.setQueryData(metadataQuery(document.trialId).queryKey, document);
    for (const key of DERIVED) void queryClient.invalidateQueries({ queryKey: [key] });
  };
}
