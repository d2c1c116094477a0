import { Alert, Button, Group } from '@mantine/core';
import { useMemo, useState, type ReactElement } from 'react';
import { useFieldTypes } from '../fields/use-field-types.js';
import { writeJson, type JsonType, type JsonValue, type Problem } from '../shared/metadata.js';
import { addNode, changeNode, emptyCondition, emptyGroup, type DraftGroup } from './draft.js';
import { EditorProvider, type FilterEditor } from './editor-context.js';
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
}

/** The panel "Show trials where…": edits a copy of the filter, which counts once it is applied. */
export function FilterPanel({
  noun,
  projectId,
  filter,
  onApply,
  onClose,
  serverProblems,
}: FilterPanelProps): ReactElement {
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

  // Changed from outside the panel (a chip, a cell, the browser's history), so what is edited here is out of date.
  if (textOf(filter) !== inForce) {
    const fresh = withFirstRow(fromWire(filter));
    setInForce(textOf(filter));
    setDraft(fresh);
    setSent(fresh);
    setTried(false);
  }

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
    if (next.problems.size === 0) send(withFirstRow(complete), next.filter);
  };

  return (
    <form
      className={classes['panel']}
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
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
