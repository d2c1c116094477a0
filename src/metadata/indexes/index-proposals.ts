import type { IndexBudget } from './index-advice.js';
import { fieldOf, indexRoute, type IndexKind, type IndexTarget } from './index-target.js';
import type { FieldTally, TalliedSearch } from './search-tally.js';
import type { FieldUse } from './searched-fields.js';

/** An index that would pay. */
export interface IndexProposal {
  /** As filters name it, `metadata.` included. */
  readonly field: string;
  readonly kind: IndexKind;
  /** Searches by the field within the last day that this process remembers, 100 at most. */
  readonly searches: number;
  /** Those of them that were slow. */
  readonly slow: number;
  /** Milliseconds that half of these searches took at most. */
  readonly medianMs: number;
  /** Milliseconds that 95 of 100 took at most. */
  readonly p95Ms: number;
  /** In a sentence. */
  readonly reason: string;
  /** What makes the index, below the API's prefix. */
  readonly request: string;
}

/** A proposal and what it is about. */
export interface FoundProposal extends IndexProposal, IndexTarget {}

const DAY = 24 * 60 * 60 * 1_000;

/** What would pay, that which would save most first. @param now milliseconds since 1970 */
export function proposeIndexes(
  fields: ReadonlyMap<string, FieldTally>,
  budget: Pick<IndexBudget, 'slowMs' | 'searches'>,
  now: number,
): readonly FoundProposal[] {
  return [...fields.values()]
    .map(({ path, kind, searches }) => ({
      target: { path, kind },
      recent: searches.filter(({ at }) => now - at < DAY),
    }))
    .flatMap(({ target, recent }) => {
      const slow = recent.filter(({ milliseconds }) => milliseconds >= budget.slowMs);
      if (slow.length < budget.searches) return [];
      const spent = slow.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      return [{ spent, proposal: proposalOf(target, recent, slow, budget.slowMs) }];
    })
    .sort((a, b) => b.spent - a.spent)
    .map(({ proposal }) => proposal);
}

function proposalOf(
  target: IndexTarget,
  searches: readonly TalliedSearch[],
  slow: readonly TalliedSearch[],
  slowMs: number,
): FoundProposal {
  const durations = searches.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const quantile = (share: number) => rounded(durations[Math.ceil(share * durations.length) - 1] ?? 0);
  const uses = Object.entries(USES).filter(
    ([use]) => searches.some((search) => search.uses.has(use as FieldUse)), // a key of USES
  );
  return {
    ...target,
    field: fieldOf(target),
    searches: searches.length,
    slow: slow.length,
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    reason: `It is ${uses.map(([, what]) => what).join(' and ')}; ${slow.length} of ${searches.length} searches took ${slowMs} ms or more.`,
    request: `PUT ${indexRoute(target)}`,
  };
}

const USES: Readonly<Record<FieldUse, string>> = {
  sorted: 'sorted by',
  ranged: 'compared with bounds',
  contained: 'searched for texts',
};

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
