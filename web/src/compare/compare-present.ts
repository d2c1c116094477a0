import { ApiError } from '../api/api-error.js';
import { compareTrials, type ComparedSet, type Comparison } from '../api/compare.js';
import { searchTrials } from '../api/search.js';
import { condition } from '../filter/wire.js';
import { JsonNumber } from '../shared/metadata.js';

/** What of a set of trials could be compared. */
export interface PresentComparison {
  readonly comparison: Comparison;
  /** The trials that were asked for and are not there, or not for the user. */
  readonly missing: readonly number[];
  /** The one that the others are compared with; undefined as well when it is not among them. */
  readonly baseline: number | undefined;
}

/** Compares those trials of a set that are there: the API refuses a set for one that is not. */
export async function comparePresent(
  set: ComparedSet,
  baseline: number | undefined,
  signal: AbortSignal,
): Promise<PresentComparison> {
  const compare = async (present: ComparedSet, missing: readonly number[]): Promise<PresentComparison> => {
    const isThere = baseline === undefined || present.trialIds?.includes(baseline) !== false;
    const among = isThere ? baseline : undefined;
    return {
      comparison: await compareTrials(present, { baseline: among }, signal),
      missing,
      baseline: among,
    };
  };
  try {
    return await compare(set, []);
  } catch (error) {
    const { trialIds } = set;
    if (trialIds === undefined || !(error instanceof ApiError) || error.status !== 404) throw error;
    const present = await findPresent(trialIds, signal);
    const missing = trialIds.filter((id) => !present.has(id));
    // Without any the API would compare all trials.
    if (missing.length === 0 || present.size === 0) throw error;
    return await compare({ trialIds: trialIds.filter((id) => present.has(id)) }, missing);
  }
}

async function findPresent(trialIds: readonly number[], signal: AbortSignal): Promise<ReadonlySet<number>> {
  const ids = trialIds.map((id) => new JsonNumber(String(id)));
  const { items } = await searchTrials(
    {
      projectId: undefined,
      filter: condition('trial.id', 'in', ids),
      sort: [],
      fields: ['trial.id'],
      // Who names a trial means it, archived or not.
      archived: true,
      limit: trialIds.length,
      count: 'none',
    },
    signal,
  );
  return new Set(items.map(({ id }) => id));
}
