import { createContext, useContext } from 'react';
import type { JsonType, JsonValue } from '../shared/metadata.js';
import type { DraftNode } from './draft.js';

/** What the rows of a filter panel share. */
export interface FilterEditor {
  readonly projectId: number | undefined;
  readonly change: (id: string, change: (node: DraftNode) => DraftNode | null) => void;
  /** Takes a row or a group away; the focus goes to the row that follows. */
  readonly remove: (id: string) => void;
  readonly add: (groupId: string, node: DraftNode) => void;
  /** What is wrong with a row; only after an attempt to apply. */
  readonly problemOf: (id: string) => string | undefined;
  /** The filter without a row, within which its suggestions are counted. */
  readonly filterBeside: (id: string) => JsonValue;
  /** The types that a metadata field is known to hold. */
  readonly typesOf: (field: string) => readonly JsonType[];
  readonly rememberTypes: (field: string, types: readonly JsonType[]) => void;
}

const EditorContext = createContext<FilterEditor | null>(null);

export const EditorProvider = EditorContext.Provider;

/** The editor of the panel that a row is in. */
export function useEditor(): FilterEditor {
  const editor = useContext(EditorContext);
  if (editor === null) throw new Error('This part of a filter stands outside a filter panel.');
  return editor;
}
