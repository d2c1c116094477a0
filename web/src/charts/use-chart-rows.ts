import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { searchTrials, type Total } from '../api/search.js';
import type { TrialRow } from '../api/trial.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';

/** As many trials are drawn, each by itself; tables and counts are over all. */
const MAX_DRAWN = 2_000;
const PAGE_SIZE = 200;

export interface ChartRows {
  readonly rows: readonly TrialRow[];
  readonly total: Total | null;
}

/** Before there is an answer. */
export const NO_ROWS: ChartRows = { rows: [], total: null };

/** The trials of a filter with the fields that a chart draws. */
export function useChartRows(
  projectId: number | undefined,
  filter: JsonValue,
  fields: readonly string[],
): UseQueryResult<ChartRows> {
  const fieldsText = writeJson(fields);
  return useQuery({
    queryKey: ['chart-rows', projectId ?? null, writeJson(filter), fieldsText],
    queryFn: ({ signal }) => loadRows(projectId, filter, fields, signal),
    enabled: fields.length > 0,
    // Trials that were read without one of the fields would look as if they lacked it.
    placeholderData: (previous, of) =>
      of?.queryKey[3] === fieldsText ? keepPreviousData(previous) : undefined,
    staleTime: 60_000,
  });
}

async function loadRows(
  projectId: number | undefined,
  filter: JsonValue,
  fields: readonly string[],
  signal: AbortSignal,
): Promise<ChartRows> {
  const rows: TrialRow[] = [];
  let total: Total | null = null;
  let after: string | null = null;
  do {
    const page = await searchTrials(
      {
        projectId,
        filter,
        sort: [],
        fields,
        limit: PAGE_SIZE,
        after,
        count: after === null ? undefined : 'none',
      },
      signal,
    );
    rows.push(...page.items);
    total ??= page.total;
    after = page.next;
  } while (after !== null && rows.length < MAX_DRAWN);
  return { rows, total };
}
