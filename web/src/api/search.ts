import { isJsonArray, isJsonObject, type JsonValue } from '../shared/metadata.js';
import { readNumber, readObject, readList, readTextOrNull } from './read.js';
import { request } from './request.js';
import { readExperimentRow, readTrialRow, type ExperimentRow, type TrialRow } from './trial.js';

/** How values compare: as jsonb does, with numeric text read as numbers, or without regard to case. */
export type SortAs = 'json' | 'number' | 'text';
export type SortDirection = 'asc' | 'desc';

/** One level of an order, as requests write it. */
export interface SortLevel {
  readonly field: string;
  readonly direction: SortDirection;
  readonly as: SortAs;
}

/** What both searches take. */
export interface Search {
  readonly projectId: number | undefined;
  /** In the filter language; null matches every trial. */
  readonly filter: JsonValue;
  readonly sort: readonly SortLevel[];
  /** The fields to answer; undefined for all. */
  readonly fields?: readonly string[] | undefined;
  readonly archived?: boolean;
  readonly limit?: number;
  readonly after?: string | null;
  /** How far matches are counted: to 10,000 (when left out), all, or not at all. */
  readonly count?: 'exact' | 'none' | undefined;
}

export interface Total {
  readonly value: number;
  /** `gte`: there are at least as many. */
  readonly relation: 'eq' | 'gte';
}

export interface SearchPage<Row> {
  readonly items: readonly Row[];
  /** Null when it was not counted. */
  readonly total: Total | null;
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
  readonly hints: readonly JsonValue[];
}

export function searchTrials(search: Search, signal?: AbortSignal): Promise<SearchPage<TrialRow>> {
  return runSearch('/trials/search', search, readTrialRow, signal);
}

export function searchExperiments(search: Search, signal?: AbortSignal): Promise<SearchPage<ExperimentRow>> {
  return runSearch('/experiments/search', search, readExperimentRow, signal);
}

async function runSearch<Row>(
  path: string,
  search: Search,
  readRow: (value: JsonValue) => Row,
  signal?: AbortSignal,
): Promise<SearchPage<Row>> {
  const answer = await request({ method: 'POST', path, body: searchBody(search), signal });
  const page = readObject(answer, 'search');
  const total = page.get('total');
  const hints = page.get('hints');
  return {
    items: readList(page.get('items'), 'items').map(readRow),
    total: isJsonObject(total)
      ? {
          value: readNumber(total.get('value'), 'total.value'),
          relation: total.get('relation') === 'gte' ? 'gte' : 'eq',
        }
      : null,
    next: readTextOrNull(page.get('next')),
    hints: isJsonArray(hints) ? hints : [],
  };
}

/** The search as the server takes it, without what has its default value. */
export function searchBody(search: Search): Readonly<Record<string, unknown>> {
  return {
    projectId: search.projectId,
    filter: search.filter ?? undefined,
    sort: search.sort.length === 0 ? undefined : search.sort,
    fields: search.fields,
    archived: search.archived === true ? true : undefined,
    limit: search.limit,
    after: search.after ?? undefined,
    count: search.count,
  };
}
