import type { Operator } from '../shared/metadata.js';
import { emptyOperand, type DraftOperand } from './draft-operand.js';

/** A condition while it is being edited: it may be incomplete. */
export interface DraftCondition {
  readonly kind: 'condition';
  readonly id: string;
  /** Empty while none is chosen. */
  readonly field: string;
  readonly operator: Operator;
  /** One; two for `between`; any number for `in` and `notIn`. */
  readonly operands: readonly DraftOperand[];
}

/** A group while it is being edited. */
export interface DraftGroup {
  readonly kind: 'group';
  readonly id: string;
  readonly match: Match;
  readonly children: readonly DraftNode[];
}

export type DraftNode = DraftCondition | DraftGroup;

/** Which of a group's conditions must hold. */
export type Match = 'all' | 'any' | 'none' | 'notAll';

let lastId = 0;

/** An id for a row of the panel; never sent. */
export function nextId(): string {
  lastId += 1;
  return `node-${lastId}`;
}

export function emptyCondition(field = ''): DraftCondition {
  return { kind: 'condition', id: nextId(), field, operator: 'is', operands: [emptyOperand()] };
}

export function emptyGroup(match: Match = 'all', children: readonly DraftNode[] = []): DraftGroup {
  return { kind: 'group', id: nextId(), match, children };
}

/** The group with one of its nodes, at any depth, changed; null removes it. */
export function changeNode(
  group: DraftGroup,
  id: string,
  change: (node: DraftNode) => DraftNode | null,
): DraftGroup {
  const children = group.children.flatMap((child): readonly DraftNode[] => {
    if (child.id === id) {
      const changed = change(child);
      return changed === null ? [] : [changed];
    }
    return [child.kind === 'group' ? changeNode(child, id, change) : child];
  });
  return { ...group, children };
}

/** Adds a node to the end of a group, which may be the root itself. */
export function addNode(root: DraftGroup, groupId: string, node: DraftNode): DraftGroup {
  const added = (group: DraftGroup): DraftGroup => ({ ...group, children: [...group.children, node] });
  if (root.id === groupId) return added(root);
  return changeNode(root, groupId, (found) => (found.kind === 'group' ? added(found) : found));
}

/** How many conditions there are, at any depth. */
export function countConditions(node: DraftNode): number {
  if (node.kind === 'condition') return 1;
  return node.children.reduce((sum, child) => sum + countConditions(child), 0);
}
