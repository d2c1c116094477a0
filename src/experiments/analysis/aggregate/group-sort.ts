import {
  formatField,
  readEach,
  type Field,
  type JsonValue,
  type SortDirection,
} from '../../../metadata/index.js';
import { optional, required, type ReadValue } from '../../body/read-object.js';
import { readList, readObjectAt } from '../read-list.js';
import { measureName, type Measure } from './measure.js';

const MAX_SORT_KEYS = 5;

/** What groups are ordered by: their count, a field of the key, or a measure, by its place in the request. */
export type GroupSortKey = { readonly direction: SortDirection } & (
  { readonly by: 'count' } | { readonly by: 'key' | 'measure'; readonly index: number }
);

/** The keys, most significant first; the groups' keys, ascending, break ties. Groups without the value come last. */
export type GroupSort = readonly GroupSortKey[];

const LARGEST_FIRST: GroupSort = [{ by: 'count', direction: 'desc' }];

const direction: ReadValue<SortDirection> = (value, refuse) =>
  value === 'asc' || value === 'desc'
    ? value
    : refuse({ code: 'value_not_accepted', message: 'Accepted: "asc", "desc".' });

/**
 * Reads `[{"field": "count", "direction": "desc"}]`, where a field is `count`, one of `groupBy`, or a measure by the name
 * that it has in the answer. Without a sort the largest groups come first.
 * @throws InvalidRequestError naming what is wrong
 */
export function parseGroupSort(
  input: JsonValue | undefined,
  groupBy: readonly Field[],
  measures: readonly Measure[],
): GroupSort {
  const keys = groupBy.map(formatField);
  const names = measures.map(measureName);
  const field: ReadValue<GroupSortTarget> = (value, refuse) => {
    if (value === 'count') return { by: 'count' };
    const key = keys.findIndex((name) => name === value);
    if (key >= 0) return { by: 'key', index: key };
    const measure = names.findIndex((name) => name === value);
    if (measure >= 0) return { by: 'measure', index: measure };
    const message = `Accepted in this request: ${['count', ...keys, ...names].join(', ')}.`;
    refuse({ code: 'unknown_sort_field', message });
    return undefined;
  };
  const properties = { field: required(field), direction: optional(direction) };
  const given = readList(input, 'sort', MAX_SORT_KEYS, '{"field", "direction"}');
  const sort = readEach(given, (entry, index): GroupSortKey => {
    const key = readObjectAt(entry, properties, `sort[${index}]`);
    return { ...key.field, direction: key.direction ?? 'asc' };
  });
  return sort.length === 0 ? LARGEST_FIRST : sort;
}

type GroupSortTarget = { readonly by: 'count' } | { readonly by: 'key' | 'measure'; readonly index: number };
