import {
  formatFilter,
  formatSort,
  writeJson,
  type Column,
  type PageEnd,
  type Sort,
} from '../../metadata/index.js';
import type { Hint } from './hints.js';
import type { SearchRequest } from './search-request.js';
import { textsOf, type TextRow } from './select-row.js';
import type { Total } from './total.js';

/** One page of an answer. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent when no count was asked for. */
  readonly total?: Total | undefined;
  /** The cursor of the next page; null at the end. */
  readonly next: string | null;
  /** Only when nothing matches. */
  readonly hints?: readonly Hint[];
}

/**
 * What makes a search the one that a cursor belongs to. Who may see what is part of it: a cursor tells where a page ended,
 * and from another's one could be read off that there is something one may not see.
 */
export function searchText(
  kind: string,
  { filter, sort, projectId, archived }: SearchRequest,
  visibleProjects: VisibleProjects,
): string {
  const parts = [formatFilter(filter), formatSort(sort), projectId ?? null, archived];
  return writeJson([kind, ...parts, visibilityText(visibleProjects)]);
}

/** The ids of the projects that a user may see. */
export type VisibleProjects = 'all' | readonly number[];

/** The same text for the same projects. */
export function visibilityText(visible: VisibleProjects): string {
  return visible === 'all' ? visible : [...visible].sort((a, b) => a - b).join(' ');
}

/** A row whose first text is the id and whose others are the values of the sort keys, as the end of a page. */
export function pageEndOf(row: TextRow, count: number): PageEnd {
  const [id, ...values] = textsOf(row, count);
  return { id: id ?? '', values };
}

/** The columns that a sort needs. */
export function columnsOf(sort: Sort): readonly Column[] {
  return sort.flatMap(({ field }) => (field.kind === 'column' ? [field.column] : []));
}
