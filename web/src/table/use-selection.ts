import { useLocation } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useState } from 'react';

export type Selection = ReadonlySet<number>;

/** What was chosen in which table, by the entry of the browser's history; lasts as long as the page. */
export const Selections = createContext<Map<string, Selection> | null>(null);

/** The chosen rows of a table. They are there again when the browser goes back to it. */
export function useSelection(table: string): [Selection, (selection: Selection) => void] {
  const entry = useLocation({ select: ({ state, href }) => `${table} ${state.__TSR_key ?? href}` });
  const selections = useContext(Selections);
  const [selection, setSelection] = useState(() => selections?.get(entry) ?? new Set<number>());
  useEffect(() => {
    selections?.set(entry, selection);
  }, [selections, entry, selection]);
  return [selection, setSelection];
}
