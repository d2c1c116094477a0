import { useQuery } from '@tanstack/react-query';
import { useMatch } from '@tanstack/react-router';
import { experimentQuery } from '../experiments/experiment-query.js';
import { trialQuery } from '../trial/trial-query.js';

/** What the page of one trial, or of one experiment, is in. */
export interface PageProject {
  /** Undefined until it is known. */
  readonly projectId: number | undefined;
  /** The table that lists what the page is of. */
  readonly table: '/trials' | '/experiments';
}

/** The project that the page itself is in, whatever is chosen; null on a page that is in none. */
export function usePageProject(): PageProject | null {
  const trialId = useMatch({
    from: '/trials/$trialId',
    shouldThrow: false,
    select: ({ params }) => params.trialId,
  });
  const experimentId = useMatch({
    from: '/experiments/$experimentId',
    shouldThrow: false,
    select: ({ params }) => params.experimentId,
  });
  // What stands in an address that leads nowhere is no number.
  const trial = useQuery({ ...trialQuery(trialId ?? 0), enabled: Number.isInteger(trialId) });
  const experiment = useQuery({
    ...experimentQuery(experimentId ?? 0),
    enabled: Number.isInteger(experimentId),
  });
  if (trialId !== undefined) return { projectId: trial.data?.projectId, table: '/trials' };
  if (experimentId !== undefined) return { projectId: experiment.data?.projectId, table: '/experiments' };
  return null;
}
