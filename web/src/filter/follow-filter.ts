import { writeJson } from '../shared/metadata.js';
import type { DraftGroup, DraftNode } from './draft.js';
import { toWire } from './to-wire.js';

/** A draft, and what of it is in force: rows that are the same in both have the same id. */
export interface FollowedDraft {
  readonly draft: DraftGroup;
  readonly inForce: DraftGroup;
}

/**
 * The draft after the filter in force was changed beside it by one condition: what a chip took away goes, what a cell
 * added comes, and what is being typed in other rows stays. Undefined where the filter has become another one.
 * @param next the filter that is in force now
 */
export function followFilter({ draft, inForce }: FollowedDraft, next: DraftGroup): FollowedDraft | undefined {
  if ([draft, inForce, next].some(({ match }) => match !== 'all')) return undefined;
  const before = inForce.children.filter((row) => textOf(row) !== undefined);
  const kept = new Map<DraftNode, DraftNode>();
  for (const row of next.children) {
    const same = before.find((old) => textOf(old) === textOf(row) && ![...kept.values()].includes(old));
    if (same !== undefined) kept.set(row, same);
  }
  const stayed = new Set([...kept.values()].map(({ id }) => id));
  const gone = new Set(before.map(({ id }) => id).filter((id) => !stayed.has(id)));
  const come = next.children.filter((row) => !kept.has(row));
  const isStep = gone.size + come.length === 1;
  if (!isStep) return undefined;
  const added = come.filter((row) => !draft.children.some((other) => textOf(other) === textOf(row)));
  return {
    draft: { ...draft, children: [...draft.children.filter(({ id }) => !gone.has(id)), ...added] },
    inForce: { ...next, children: next.children.map((row) => kept.get(row) ?? row) },
  };
}

/** The row as a request writes it; undefined while it is incomplete. */
function textOf(row: DraftNode): string | undefined {
  const { filter, problems } = toWire({ kind: 'group', id: '', match: 'all', children: [row] });
  return problems.size > 0 || filter === null ? undefined : writeJson(filter);
}
