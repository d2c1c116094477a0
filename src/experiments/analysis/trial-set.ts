import { parseFilter, type Filter, type JsonValue } from '../../metadata/index.js';
import { optional, type ReadValue } from '../body/read-object.js';
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

interface TrialSetProperties {
  readonly filter?: JsonValue;
  readonly projectId?: number;
  readonly archived?: boolean;
}

/** @throws InvalidRequestError naming the place in the filter */
export function trialSetOf({ filter, projectId, archived }: TrialSetProperties): TrialSet {
  return { filter: parseFilter(filter, FIELD_NAMES), projectId, archived: archived ?? false };
}

/** The body of a request: absent is empty, and a property that is null is as good as absent. */
export function bodyOf(body: JsonValue | undefined): JsonValue {
  if (body === undefined) return new Map();
  return body instanceof Map ? new Map([...body].filter(([, value]) => value !== null)) : body;
}
