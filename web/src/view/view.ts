import { parseJson, writeJson, type JsonValue } from '../shared/metadata.js';
import type { SortLevel } from '../api/search.js';
import { fromWire } from '../filter/from-wire.js';
import { joinFields, joinSort, joinWidths, splitFields, splitSort, splitWidths } from './list-text.js';

/** What a table shows: all of it is in the address, so that a copied link shows the same elsewhere. */
export interface View {
  readonly projectId: number | undefined;
  /** Id of the named view that this was opened as; it may have been changed since. */
  readonly viewId: number | undefined;
  /** In the filter language; null for every trial. */
  readonly filter: JsonValue;
  /** Why the address's filter was not taken; it is then null. */
  readonly filterProblem: string | null;
  readonly sort: readonly SortLevel[];
  /** Fields in order; undefined for the default ones. */
  readonly columns: readonly string[] | undefined;
  readonly pinned: readonly string[];
  /** Pixels, of the columns that were resized. */
  readonly widths: Readonly<Record<string, number>>;
  /** Only columns whose values differ among the rows. */
  readonly differing: boolean;
  /** Whether archived trials are shown too. */
  readonly archived: boolean;
}

/** The parameters of an address, all text. */
export type SearchParameters = Readonly<Record<string, string>>;

export function readView(parameters: SearchParameters): View {
  return {
    projectId: readId(parameters['project']),
    viewId: readId(parameters['view']),
    ...readFilter(parameters['filter']),
    sort: splitSort(parameters['sort'] ?? ''),
    columns: parameters['columns'] === undefined ? undefined : splitFields(parameters['columns']),
    pinned: splitFields(parameters['pin'] ?? ''),
    widths: splitWidths(parameters['widths'] ?? ''),
    differing: parameters['differing'] === 'yes',
    archived: parameters['archived'] === 'yes',
  };
}

/** The parameters of a view; what has its default value is left out. */
export function writeView(view: View): SearchParameters {
  const parameters: Record<string, string> = {};
  if (view.projectId !== undefined) parameters['project'] = String(view.projectId);
  if (view.viewId !== undefined) parameters['view'] = String(view.viewId);
  if (view.filter !== null) parameters['filter'] = writeJson(view.filter);
  if (view.sort.length > 0) parameters['sort'] = joinSort(view.sort);
  if (view.columns !== undefined) parameters['columns'] = joinFields(view.columns);
  if (view.pinned.length > 0) parameters['pin'] = joinFields(view.pinned);
  if (Object.keys(view.widths).length > 0) parameters['widths'] = joinWidths(view.widths);
  if (view.differing) parameters['differing'] = 'yes';
  if (view.archived) parameters['archived'] = 'yes';
  return parameters;
}

function readId(text: string | undefined): number | undefined {
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function readFilter(text: string | undefined): Pick<View, 'filter' | 'filterProblem'> {
  if (text === undefined || text === '') return { filter: null, filterProblem: null };
  try {
    const filter = parseJson(text);
    fromWire(filter);
    return { filter, filterProblem: null };
  } catch (error) {
    return { filter: null, filterProblem: error instanceof Error ? error.message : 'unreadable' };
  }
}
