import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { parseSearch } from './search-text.js';
import { readView, writeView, type View } from './view.js';

export interface ViewState {
  readonly view: View;
  /** Changes parts of the view; a new entry of the browser's history unless `replace`. */
  readonly change: (changes: Partial<View>, replace?: boolean) => void;
}

/** The view in the address, and how to change it. Parameters that are not the view's stay. */
export function useView(): ViewState {
  const searchText = useLocation({ select: (location) => location.searchStr });
  const navigate = useNavigate();
  const view = useMemo(() => readView(parseSearch(searchText)), [searchText]);
  const latest = useRef({ view, searchText });
  useLayoutEffect(() => {
    latest.current = { view, searchText };
  });
  const change = useCallback(
    (changes: Partial<View>, replace = false) => {
      const current = latest.current;
      const own = writeView(current.view);
      const others = Object.entries(parseSearch(current.searchText)).filter(
        ([name]) => !(name in own) && !VIEW_NAMES.has(name),
      );
      const next = { ...current.view, ...changes };
      void navigate({
        to: '.',
        search: { ...Object.fromEntries(others), project: undefined, ...writeView(next) },
        replace,
        resetScroll: ROWS.some((part) => part in changes),
      });
    },
    [navigate],
  );
  return { view, change };
}

/** The parts that say which rows there are and in what order: others are shown from the first one on. */
const ROWS: readonly (keyof View)[] = ['projectId', 'filter', 'sort', 'archived'];

const VIEW_NAMES = new Set([
  'project',
  'view',
  'filter',
  'sort',
  'columns',
  'pin',
  'widths',
  'differing',
  'archived',
]);
