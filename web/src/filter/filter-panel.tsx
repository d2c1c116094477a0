import { Alert, Button, Group } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useFocusBack } from '../app/focus-back.js';
import { useFieldTypes } from '../fields/use-field-types.js';
import { writeJson, type JsonType, type JsonValue, type Problem } from '../shared/metadata.js';
import { addNode, changeNode, emptyCondition, emptyGroup, type DraftGroup } from './draft.js';
import { EditorProvider, type FilterEditor } from './editor-context.js';
import { followFilter } from './follow-filter.js';
import { fromWire } from './from-wire.js';
import { GroupEditor } from './group-editor.js';
import { rowAt, toWire } from './to-wire.js';
import classes from './condition-row.module.css';

interface FilterPanelProps {
  readonly noun: string;
  readonly projectId: number | undefined;
  /** The filter in force. */
  readonly filter: JsonValue;
  readonly onApply: (filter: JsonValue) => void;
  readonly onClose: () => void;
  /** What the server said of the filter in force. */
  readonly serverProblems: readonly Problem[];
  /** Closed, with what is typed in it kept for when it is opened again. */
  readonly hidden?: boolean;
}

/** The panel "Show trials where…": edits a copy of the filter, which counts once it is applied. */
export function FilterPanel(props: FilterPanelProps): ReactElement {
  const { noun, projectId, filter, onApply, onClose, serverProblems, hidden = false } = props;
  const form = useRef<HTMLFormElement>(null);
  /** Where a row was taken away, until it is gone. */
  const taken = useRef<number | null>(null);
  const [draft, setDraft] = useState<DraftGroup>(() => withFirstRow(fromWire(filter)));
  /** The draft as it was last sent: what the server says is about that one. */
  const [sent, setSent] = useState(draft);
  const [inForce, setInForce] = useState(textOf(filter));
  const [tried, setTried] = useState(false);
  const [seenTypes, setSeenTypes] = useState<ReadonlyMap<string, readonly JsonType[]>>(new Map());
  const typesOf = useFieldTypes(
    projectId,
    useMemo(() => fieldsOf(draft), [draft]),
  );
  const wire = useMemo(() => toWire(draft), [draft]);
  const problems = useMemo(() => {
    const all = new Map(tried ? wire.problems : []);
    if (sent === draft)
      for (const { path, message } of serverProblems) all.set(rowAt(wire, path) ?? draft.id, message);
    return all;
  }, [tried, wire, serverProblems, draft, sent]);

  // Changed from outside the panel: by a chip or a cell, which leaves the other rows alone, or, as by the browser's history,
  // to another filter, of which what is edited here is no copy.
  if (textOf(filter) !== inForce) {
    const next = fromWire(filter);
    const fresh = withFirstRow(next);
    const followed = draft === sent ? undefined : followFilter({ draft, inForce: sent }, next);
    setInForce(textOf(filter));
    setDraft(followed === undefined ? fresh : withFirstRow(followed.draft));
    setSent(followed?.inForce ?? fresh);
    setTried(false);
  }

  useFocusBack();
  useEffect(() => {
    if (taken.current === null) return;
    const rows = rowsIn(form.current);
    const row = rows[Math.min(taken.current, rows.length - 1)];
    taken.current = null;
    (row?.querySelector('button') ?? form.current?.querySelector<HTMLElement>('[data-add]'))?.focus();
  });

  const send = (next: DraftGroup, wired: JsonValue): void => {
    setDraft(next);
    setSent(next);
    setTried(false);
    setInForce(textOf(wired));
    onApply(wired);
  };
  const change: FilterEditor['change'] = (id, edit) =>
    setDraft((root) => {
      if (id !== root.id) return changeNode(root, id, edit);
      const changed = edit(root);
      return changed?.kind === 'group' ? changed : emptyGroup();
    });
  const editor: FilterEditor = {
    projectId,
    change,
    remove: (id) => {
      const at = rowsIn(form.current).findIndex((row) => isIn(row, id));
      taken.current = Math.max(at, 0);
      change(id, () => null);
    },
    add: (groupId, node) => setDraft((root) => addNode(root, groupId, node)),
    problemOf: (id) => problems.get(id),
    filterBeside: (id) => filterBeside(draft, id),
    typesOf: (field) => seenTypes.get(field) ?? typesOf(field),
    rememberTypes: (field, types) => setSeenTypes((seen) => new Map(seen).set(field, types)),
  };

  const apply = (): void => {
    setTried(true);
    const complete = withoutBlankRows(draft);
    const next = toWire(complete);
    // With blank rows alone it is not told whether every trial is meant: their problems are shown.
    if (complete.children.length === 0 && draft.children.length > 0) return;
    if (next.problems.size === 0) send(withFirstRow(complete), next.filter);
  };

  return (
    <form
      ref={form}
      hidden={hidden}
      className={classes['panel']}
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !isListOpen(event)) onClose();
      }}
    >
      <EditorProvider value={editor}>
        <GroupEditor group={draft} noun={noun} />
      </EditorProvider>
      {tried && wire.problems.size > 0 && (
        <Alert color="red" variant="light" mt="xs" py={6} role="alert">
          Something is missing above; it is said at each row.
        </Alert>
      )}
      <Group mt="sm" gap="xs">
        <Button type="submit" size="xs">
          Apply
        </Button>
        <Button size="xs" variant="default" onClick={() => send(withFirstRow(emptyGroup()), null)}>
          Clear
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
          Close
        </Button>
      </Group>
    </form>
  );
}

/** Whether the key is for an open list or menu, which it closes, and not for the panel. */
function isListOpen({ target, currentTarget }: KeyboardEvent<HTMLElement>): boolean {
  if (!(target instanceof Element)) return false;
  // Lists and menus with a focus of their own stand elsewhere in the document.
  if (!currentTarget.contains(target)) return true;
  return target.closest('[data-expanded], [aria-expanded="true"]') !== null;
}

function rowsIn(form: HTMLFormElement | null): readonly HTMLElement[] {
  return [...(form?.querySelectorAll<HTMLElement>('[data-condition]') ?? [])];
}

/** Whether a row is the node of that id, or in it. */
function isIn(row: HTMLElement, id: string): boolean {
  return row.dataset['condition'] === id || row.closest(`[data-node="${id}"]`) !== null;
}

function fieldsOf(group: DraftGroup): readonly string[] {
  return group.children.flatMap((child) => (child.kind === 'group' ? fieldsOf(child) : [child.field]));
}

function textOf(filter: JsonValue): string {
  return filter === null ? '' : writeJson(filter);
}

function withFirstRow(group: DraftGroup): DraftGroup {
  return group.children.length === 0 ? { ...group, children: [emptyCondition()] } : group;
}

/** A row that nobody touched says nothing, so it is no mistake. */
function withoutBlankRows(group: DraftGroup): DraftGroup {
  return {
    ...group,
    children: group.children.filter(
      (child) =>
        child.kind === 'group' || child.field !== '' || child.operands.some(({ text }) => text !== ''),
    ),
  };
}

/** The rest of the filter where all of it must hold; elsewhere a row's values are not bounded by its neighbours. */
function filterBeside(root: DraftGroup, id: string): JsonValue {
  if (root.match !== 'all') return null;
  const rest = root.children.filter((child) => child.id !== id && !holds(child, id));
  const wire = toWire({
    ...root,
    children: rest.filter((child) => toWire({ ...root, children: [child] }).problems.size === 0),
  });
  return wire.filter;
}

function holds(node: DraftGroup['children'][number], id: string): boolean {
  return node.kind === 'group' && node.children.some((child) => child.id === id || holds(child, id));
}
