/** How large a query may be, whatever it matches. */
export interface QueryLimits {
  /** Groups and negations around a condition. Default 32. */
  readonly filterDepth: number;
  /** Conditions in one filter. Default 200. */
  readonly conditions: number;
  /** Operands of one `in` or `notIn`. Default 1,000. */
  readonly operands: number;
  /** Sort keys. Default 5. */
  readonly sortKeys: number;
  /** Paths in one projection. Default 200. */
  readonly fields: number;
  /** Characters (code points) of a text operand, a path or a search text. Default 1,000. */
  readonly textLength: number;
  /** Segments of a path. Default 64. */
  readonly pathSegments: number;
}

export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  filterDepth: 32,
  conditions: 200,
  operands: 1_000,
  sortKeys: 5,
  fields: 200,
  textLength: 1_000,
  pathSegments: 64,
};

/**
 * How deep the JSON of a request may nest, so that a filter that is too deep is refused by its own limit: a group takes
 * two levels, a document as an operand some more.
 */
export function requestDepth(limits: QueryLimits): number {
  return 2 * limits.filterDepth + 64;
}
