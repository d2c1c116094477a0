/** What part of all runs an answer holds. */
export interface Pagination {
  /** As asked for. */
  readonly offset: number;
  readonly limit: number;
  /** The first run's place among all, and that behind the last one's. */
  readonly startIndex: number;
  readonly endIndex: number;
  readonly total: number;
}

const DEFAULT_LIMIT = 100;

/** @param offset negative: from the end; `limit` 0: 100, -1: all, -2: none */
export function paginate(offset: number, limit: number, total: number): Pagination {
  const startIndex = offset > total || offset < -total ? total : offset < 0 ? total + offset : offset;
  return { offset, limit, startIndex, endIndex: endOf(startIndex, limit, total), total };
}

function endOf(start: number, limit: number, total: number): number {
  if (limit === -2) return start;
  if (limit === -1) return total;
  return Math.min(start + (limit === 0 ? DEFAULT_LIMIT : limit), total);
}
