import { Button, Stack, Text } from '@mantine/core';
import {
  IconArrowBackUp,
  IconDeviceFloppy,
  IconPencil,
  IconPlus,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import type { ReactElement } from 'react';
import type { SavedView } from '../api/views.js';
import classes from './views-menu.module.css';

interface ViewActionsProps {
  /** The view that is open. */
  readonly active: SavedView | undefined;
  /** Whether something else is shown than what was kept. */
  readonly changed: boolean;
  readonly canEdit: boolean;
  readonly onOpen: (view: SavedView) => void;
  readonly onUpdate: (view: SavedView) => void;
  readonly onSave: () => void;
  readonly onRename: (view: SavedView) => void;
  readonly onDelete: (view: SavedView) => void;
}

/** What can be done with the view that is open, and with what is shown. */
export function ViewActions({ active, changed, canEdit, ...on }: ViewActionsProps): ReactElement {
  const name = active === undefined ? '' : `“${active.name}”`;
  return (
    <Stack gap={2}>
      {active !== undefined && changed && canEdit && (
        <Action
          icon={IconDeviceFloppy}
          label={`Save the changes to ${name}`}
          onClick={() => on.onUpdate(active)}
        />
      )}
      {active !== undefined && changed && (
        <Action
          icon={IconArrowBackUp}
          label={`Back to ${name} as it was saved`}
          onClick={() => on.onOpen(active)}
        />
      )}
      {canEdit && <Action icon={IconPlus} label="Save what is shown as a view…" onClick={on.onSave} />}
      {active !== undefined && canEdit && (
        <>
          <Action icon={IconPencil} label={`Rename ${name}…`} onClick={() => on.onRename(active)} />
          <Action icon={IconTrash} label={`Delete ${name}…`} onClick={() => on.onDelete(active)} />
        </>
      )}
      {!canEdit && (
        <Text size="xs" c="dimmed">
          Editors of the project can save views.
        </Text>
      )}
    </Stack>
  );
}

interface ActionProps {
  readonly icon: Icon;
  readonly label: string;
  readonly onClick: () => void;
}

function Action({ icon: Sign, label, onClick }: ActionProps): ReactElement {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      justify="flex-start"
      leftSection={<Sign size={16} aria-hidden />}
      className={classes['action']}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
