import { InvalidRequestError } from './metadata.errors.js';

/** How many items a page of a list holds. */
export interface PageSizes {
  /** When nothing is said. */
  readonly usual: number;
  readonly most: number;
}

/** Those of most lists. */
export const PAGE_SIZES: PageSizes = { usual: 40, most: 200 };

/** @throws InvalidRequestError for what is no whole number from 1 to the most */
export function checkPageSize(asked: number | undefined, { usual, most } = PAGE_SIZES): number {
  const size = asked ?? usual;
  if (Number.isInteger(size) && size >= 1 && size <= most) return size;
  const message = `Give a whole number from 1 to ${most}.`;
  const actual = Number.isFinite(size) ? { actual: size } : {};
  throw new InvalidRequestError([
    { path: 'limit', code: 'value_not_accepted', message, limit: most, ...actual },
  ]);
}
