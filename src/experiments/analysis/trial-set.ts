import { parseFilter, readAll, type Filter, type JsonValue } from '../../metadata/index.js';
import { memberOf } from '../body/body-of.js';
import { optional, type ObjectOf, type ReadValue } from '../body/read-object.js';
import { flag, id } from '../body/read-value.js';
import { FIELD_NAMES } from '../search/search-request.js';

/** Which trials an analysis is about, of those that the user may see. */
export interface TrialSet {
  readonly filter: Filter;
  readonly projectId: number | undefined;
  /** Whether archived trials and experiments are taken in. */
  readonly archived: boolean;
  /** Only these; absent: not restricted. */
  readonly trialIds?: readonly number[];
}

/** Any JSON value, for a part of the request that has a parser of its own. */
export const json: ReadValue<JsonValue> = (value) => value;

/** The properties of a body that select trials, as in a search. */
export const TRIAL_SET_PROPERTIES = {
  filter: optional(json),
  projectId: optional(id),
  archived: optional(flag),
};

/**
 * Reads the trials that a body selects.
 * @param readRest reads the properties of the body
 * @throws InvalidRequestError naming all that is wrong in the filter and in the rest
 */
export function readTrialSet<Rest extends Omit<ObjectOf<typeof TRIAL_SET_PROPERTIES>, 'filter'>>(
  body: JsonValue,
  readRest: () => Rest,
): { readonly trials: TrialSet; readonly rest: Rest } {
  const [filter, rest] = readAll(() => parseFilter(memberOf(body, 'filter'), FIELD_NAMES), readRest);
  return { trials: { filter, projectId: rest.projectId, archived: rest.archived ?? false }, rest };
}
