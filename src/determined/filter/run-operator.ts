/** The operators of Determined's filters that take a value. */
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'notContains'] as const;

export type Comparison = (typeof COMPARISONS)[number];
export type RunOperator = Comparison | 'isEmpty' | 'notEmpty';

export function isRunOperator(name: unknown): name is RunOperator {
  return name === 'isEmpty' || name === 'notEmpty' || isComparison(name);
}

function isComparison(name: unknown): name is Comparison {
  return (COMPARISONS as readonly unknown[]).includes(name);
}

/** The plugin's operators for the order of Determined's. */
export const ORDER = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;
