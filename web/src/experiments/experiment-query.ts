import { queryOptions } from '@tanstack/react-query';
import { getExperiment } from '../api/trial-details.js';

/** An experiment without its trials. */
export function experimentQuery(experimentId: number) {
  return queryOptions({
    queryKey: ['experiment', experimentId],
    queryFn: ({ signal }) => getExperiment(experimentId, signal),
  });
}
