import type { Field } from './field.js';

/**
 * How values compare: `json` as PostgreSQL orders jsonb, `number` with numeric strings read as numbers, `text` without
 * regard to case and with runs of digits by their number.
 */
export type SortAs = 'json' | 'number' | 'text';
export type SortDirection = 'asc' | 'desc';

/** One key of an order. Trials without the value come last in both directions. */
export interface SortKey {
  readonly field: Field;
  readonly direction: SortDirection;
  readonly as: SortAs;
}

/** The keys, most significant first; the trial id, ascending, breaks ties. */
export type Sort = readonly SortKey[];
