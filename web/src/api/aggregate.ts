import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '../shared/metadata.js';
import { readList, readNumber, readNumberOrNull, readObject, readTexts } from './read.js';
import { request } from './request.js';

/** What can be computed of the numbers of a group. */
export type MeasureOp = 'count' | 'min' | 'max' | 'mean' | 'p25' | 'median' | 'p75' | 'p95' | 'stddev';

export interface AggregateQuery {
  readonly projectId: number | undefined;
  readonly filter: JsonValue;
  readonly groupBy: readonly string[];
  readonly field: string;
  readonly ops: readonly MeasureOp[];
}

/** As many groups are answered at most. */
export const MAX_GROUPS = 200;

/** Trials that have the same values at the fields of the key. */
export interface TrialGroup {
  readonly key: JsonObject;
  /** The fields of the key that these trials do not have. */
  readonly missing: readonly string[];
  readonly count: number;
  /** With every digit; null where the group has no numbers, or too few. */
  readonly values: ReadonlyMap<MeasureOp, JsonNumber | null>;
  /** How many values of the measured field are no numbers and were left out. */
  readonly skipped: number;
  /** Selects just these trials; null when there is no such filter. */
  readonly filter: JsonValue;
}

export interface TrialGroups {
  readonly groups: readonly TrialGroup[];
  readonly truncated: boolean;
}

/** Groups trials and computes numbers of each group, the largest groups first. */
export async function aggregateTrials(query: AggregateQuery, signal?: AbortSignal): Promise<TrialGroups> {
  const { projectId, filter, groupBy, field, ops } = query;
  const measures = ops.map((op) => ({ field, op }));
  const body = { projectId, filter: filter ?? undefined, groupBy, measures, limit: MAX_GROUPS };
  const answer = readObject(
    await request({ method: 'POST', path: '/trials/aggregate', body, signal }),
    'aggregate',
  );
  return {
    groups: readList(answer.get('groups'), 'groups').map((value) => {
      const group = readObject(value, 'group');
      const values = readObject(group.get('values'), 'group.values');
      const skipped = group.get('skipped');
      return {
        key: readObject(group.get('key'), 'group.key'),
        missing: readTexts(group.get('missing')),
        count: readNumber(group.get('count'), 'group.count'),
        values: new Map(ops.map((op) => [op, numberOrNull(values.get(`${op}(${field})`))])),
        skipped: isJsonObject(skipped) ? (readNumberOrNull(skipped.get(field)) ?? 0) : 0,
        filter: isJsonObject(group.get('filter')) ? (group.get('filter') ?? null) : null,
      };
    }),
    truncated: answer.get('truncated') === true,
  };
}

function numberOrNull(value: JsonValue | undefined): JsonNumber | null {
  return value instanceof JsonNumber ? value : null;
}
