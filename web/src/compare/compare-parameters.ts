import type { ComparedSet } from '../api/compare.js';
import { MAX_COMPARED } from '../table/compare-limit.js';
import type { SearchParameters, View } from '../view/view.js';

/** What a comparison shows: all of it in the address. */
export interface CompareParameters {
  readonly set: ComparedSet;
  readonly baseline: number | undefined;
  readonly onlyDifferences: boolean;
  readonly transposed: boolean;
  /** What is searched for in field names and values. */
  readonly q: string;
}

/** Reads an address: chosen trials, or a filter's. */
export function readCompareParameters(parameters: SearchParameters, view: View): CompareParameters {
  const ids = (parameters['trials'] ?? '')
    .split(',')
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0);
  const baseline = Number(parameters['baseline']);
  const trialIds = [...new Set(ids)].slice(0, MAX_COMPARED);
  return {
    set:
      trialIds.length > 0
        ? { trialIds }
        : { filter: view.filter, projectId: view.projectId, archived: view.archived || undefined },
    baseline: Number.isSafeInteger(baseline) && baseline > 0 ? baseline : undefined,
    onlyDifferences: parameters['only'] !== 'all',
    transposed: parameters['transposed'] === 'yes',
    q: parameters['q'] ?? '',
  };
}
