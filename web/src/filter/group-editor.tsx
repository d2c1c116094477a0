import { ActionIcon, Button, Group, Select, Text } from '@mantine/core';
import { IconFolderPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { ConditionRow } from './condition-row.js';
import { emptyCondition, emptyGroup, type DraftGroup, type Match } from './draft.js';
import { useEditor } from './editor-context.js';
import classes from './condition-row.module.css';

/** Groups may stand within groups this deep; the server takes 32, nobody reads that. */
const MAX_DEPTH = 5;

const MATCHES: readonly { readonly value: Match; readonly label: string }[] = [
  { value: 'all', label: 'all of' },
  { value: 'any', label: 'any of' },
  { value: 'none', label: 'none of' },
  { value: 'notAll', label: 'not all of' },
];

interface GroupEditorProps {
  readonly group: DraftGroup;
  readonly depth?: number;
  /** What the panel finds, for its first line: `trials`. */
  readonly noun: string;
}

/** A group of conditions: which of them must hold, the rows, and buttons for more. */
export function GroupEditor({ group, depth = 1, noun }: GroupEditorProps): ReactElement {
  const editor = useEditor();
  const problem = editor.problemOf(group.id);
  return (
    <div
      className={classes['group']}
      role="group"
      aria-label={depth === 1 ? 'Filter' : 'Group of conditions'}
      data-node={group.id}
    >
      <Group gap={6} mb={4}>
        <Text size="sm">{depth === 1 ? `Show ${noun} where` : 'where'}</Text>
        <Select
          size="xs"
          w={110}
          aria-label="How many of the conditions must hold"
          data={MATCHES}
          value={group.match}
          onChange={(match) => {
            const found = MATCHES.find(({ value }) => value === match);
            if (found !== undefined)
              editor.change(group.id, (node) => ({ ...node, match: found.value }) as typeof node);
          }}
          allowDeselect={false}
        />
        <Text size="sm">these hold</Text>
        {depth > 1 && (
          <ActionIcon
            variant="subtle"
            color="gray"
            ml="auto"
            aria-label="Remove the group"
            onClick={() => editor.remove(group.id)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {group.children.map((child) =>
        child.kind === 'condition' ? (
          <ConditionRow key={child.id} condition={child} />
        ) : (
          <GroupEditor key={child.id} group={child} depth={depth + 1} noun={noun} />
        ),
      )}
      {problem !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Group gap={6} mt={4}>
        <Button
          size="compact-xs"
          variant="subtle"
          data-add
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => editor.add(group.id, emptyCondition())}
        >
          Add condition
        </Button>
        {depth < MAX_DEPTH && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconFolderPlus size={14} aria-hidden />}
            onClick={() =>
              editor.add(group.id, emptyGroup(group.match === 'any' ? 'all' : 'any', [emptyCondition()]))
            }
          >
            Add group
          </Button>
        )}
      </Group>
    </div>
  );
}
