import {
  InvalidRequestError,
  isJsonArray,
  parseProjection,
  readAll,
  type JsonValue,
  type Projection,
} from '../../../metadata/index.js';
import { bodyOf, memberOf } from '../../body/body-of.js';
import { optional, readObject, type ReadValue } from '../../body/read-object.js';
import { flag, id } from '../../body/read-value.js';
import { FIELD_NAMES } from '../../search/search-request.js';
import { json, readTrialSet, TRIAL_SET_PROPERTIES, type TrialSet } from '../trial-set.js';

/** So many trials are compared value by value; more are summarized. */
export const MAX_COMPARED_TRIALS = 200;

/** A comparison, parsed. */
export interface CompareRequest {
  readonly trials: TrialSet;
  /** Compare the values of the trials with those of this one. */
  readonly baseline: number | undefined;
  readonly onlyDifferences: boolean;
  /** The fields to compare; all of the metadata unless some are asked for. */
  readonly fields: Projection;
  /** Count values instead of listing them. */
  readonly summary: boolean;
}

const trialIds: ReadValue<readonly number[]> = (value, refuse) => {
  if (!isJsonArray(value) || value.length === 0) {
    refuse({ code: 'value_not_accepted', message: 'Give a list of trial ids, e.g. [7, 12].' });
    return undefined;
  }
  if (value.length > MAX_COMPARED_TRIALS) {
    refuse({
      code: 'too_many_values',
      message: `At most ${MAX_COMPARED_TRIALS} trials are compared by id. Select more of them by a filter.`,
      limit: MAX_COMPARED_TRIALS,
      actual: value.length,
    });
    return undefined;
  }
  const ids = value.map((element, index) => id(element, (fault) => refuse(fault, `[${index}]`)));
  return [...new Set(ids.filter((found) => typeof found === 'number'))];
};

const PROPERTIES = {
  trialIds: optional(trialIds),
  ...TRIAL_SET_PROPERTIES,
  baseline: optional(id),
  onlyDifferences: optional(flag),
  fields: optional(json),
  summary: optional(flag),
};

/**
 * Reads the body of a comparison: trials by `trialIds`, or by `filter`, `projectId` and `archived`.
 * @throws InvalidRequestError naming all that is wrong
 */
export function parseCompareBody(body: JsonValue | undefined): CompareRequest {
  const given = bodyOf(body);
  const [{ trials, rest: request }, fields] = readAll(
    () => readTrialSet(given, () => readObject(given, PROPERTIES)),
    () => parseProjection(memberOf(given, 'fields'), FIELD_NAMES),
  );
  const { trialIds: ids, baseline, onlyDifferences = false, summary = false } = request;
  if (ids !== undefined) {
    const other = (['filter', 'projectId', 'archived'] as const).find((name) => request[name] !== undefined);
    if (other !== undefined) {
      const message = `Select the trials either by "trialIds" or by a filter: leave out "${other}" or "trialIds".`;
      throw InvalidRequestError.at(other, 'value_not_accepted', message);
    }
  }
  if (baseline !== undefined && summary) {
    const message = 'A summary has no baseline: leave out "baseline" or "summary".';
    throw InvalidRequestError.at('baseline', 'value_not_accepted', message);
  }
  if (baseline !== undefined && ids?.includes(baseline) === false) throw baselineNotCompared(baseline);
  return {
    // Who names a trial means it, archived or not.
    trials: { ...trials, ...(ids === undefined ? {} : { trialIds: ids, archived: true }) },
    baseline,
    onlyDifferences,
    fields,
    summary,
  };
}

/** The same answer whether there is no such trial, it does not match, or the user may not see it. */
export function baselineNotCompared(baseline: number): InvalidRequestError {
  const message = `Trial ${baseline} is not among the trials compared. Name one of them.`;
  return InvalidRequestError.at('baseline', 'value_not_accepted', message);
}
