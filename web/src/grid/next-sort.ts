import type { SortLevel } from '../api/search.js';

/**
 * The order after a click on a header: ascending, then descending, then not at all. `further` keeps the other levels
 * and adds this one behind them.
 */
export function nextSort(sort: readonly SortLevel[], field: string, further: boolean): readonly SortLevel[] {
  const current = sort.find((key) => key.field === field);
  const next: SortLevel | null =
    current === undefined
      ? { field, direction: 'asc', as: 'json' }
      : current.direction === 'asc'
        ? { ...current, direction: 'desc' }
        : null;
  if (!further) return next === null ? [] : [next];
  if (current === undefined) return next === null ? sort : [...sort, next];
  return sort.flatMap((key) => (key.field === field ? (next === null ? [] : [next]) : [key]));
}
