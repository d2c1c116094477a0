import type { SortLevel } from '../api/search.js';
import { isField } from '../fields/metadata-field.js';
import { fromWire } from '../filter/from-wire.js';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJson,
  writeJson,
  type JsonObject,
  type JsonValue,
} from '../shared/metadata.js';
import type { View } from '../view/view.js';

/** The parts of a {@link View} that a project keeps under a name. */
export type SavedPart = Omit<View, 'projectId' | 'viewId'>;

/**
 * What is kept of a view: `filter`, `sort`, `fields` and `archived` as a search takes them, so that other clients can run
 * it, and what concerns the page alone beside them. What has its default value is left out.
 */
export function searchOfView(view: View): JsonObject {
  const { filter, sort, columns, archived, pinned, widths, differing } = view;
  const search = {
    filter: filter ?? undefined,
    sort: sort.length === 0 ? undefined : sort,
    fields: columns,
    archived: archived || undefined,
    pinned: pinned.length === 0 ? undefined : pinned,
    widths: Object.keys(widths).length === 0 ? undefined : widths,
    differing: differing || undefined,
  };
  // The text has every digit of the filter, and its reading is an object, since that is what was written.
  return parseJson(writeJson(search)) as JsonObject;
}

/** The view that a kept search shows; what this page cannot read of it is as if it were not there. */
export function viewOfSearch(search: JsonObject): SavedPart {
  const fields = search.get('fields');
  return {
    ...readFilter(search.get('filter')),
    sort: readSort(search.get('sort')),
    columns: isJsonArray(fields) ? readFields(fields) : undefined,
    archived: search.get('archived') === true,
    pinned: readFields(search.get('pinned')),
    widths: readWidths(search.get('widths')),
    differing: search.get('differing') === true,
  };
}

function readFilter(filter: JsonValue | undefined): Pick<View, 'filter' | 'filterProblem'> {
  if (filter === undefined || filter === null) return { filter: null, filterProblem: null };
  try {
    fromWire(filter);
    return { filter, filterProblem: null };
  } catch (error) {
    return { filter: null, filterProblem: error instanceof Error ? error.message : 'unreadable' };
  }
}

function readSort(sort: JsonValue | undefined): readonly SortLevel[] {
  if (!isJsonArray(sort)) return [];
  return sort.filter(isJsonObject).flatMap((level): readonly SortLevel[] => {
    const field = level.get('field');
    const as = level.get('as');
    if (typeof field !== 'string' || !isField(field)) return [];
    return [
      {
        field,
        direction: level.get('direction') === 'desc' ? 'desc' : 'asc',
        as: as === 'number' || as === 'text' ? as : 'json',
      },
    ];
  });
}

function readFields(fields: JsonValue | undefined): readonly string[] {
  if (!isJsonArray(fields)) return [];
  return fields.filter((field): field is string => typeof field === 'string' && isField(field));
}

function readWidths(widths: JsonValue | undefined): Readonly<Record<string, number>> {
  if (!isJsonObject(widths)) return {};
  return Object.fromEntries(
    [...widths].flatMap(([field, width]) =>
      width instanceof JsonNumber ? [[field, width.toNumber()] as const] : [],
    ),
  );
}
