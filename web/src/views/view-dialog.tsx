import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { changeView, createView, deleteView, type SavedView, type ViewTable } from '../api/views.js';
import { Dialog } from '../app/dialog.js';
import type { JsonObject } from '../shared/metadata.js';
import { savedViewsKey } from './use-saved-views.js';

/** What is being done to the views. */
export type ViewTask =
  | { readonly kind: 'save'; readonly search: JsonObject }
  | { readonly kind: 'rename'; readonly view: SavedView }
  | { readonly kind: 'delete'; readonly view: SavedView };

interface ViewDialogProps {
  readonly projectId: number;
  readonly table: ViewTable;
  readonly task: ViewTask;
  /** With the view as it is now; null when it was deleted. */
  readonly onDone: (view: SavedView | null) => void;
  readonly onClose: () => void;
}

const TITLES = { save: 'Save as a view', rename: 'Rename the view', delete: 'Delete the view' } as const;
const BUTTONS = { save: 'Save', rename: 'Rename', delete: 'Delete' } as const;

/** Asks for a view's name, or whether it may go, and does it. */
export function ViewDialog({ projectId, table, task, onDone, onClose }: ViewDialogProps): ReactElement {
  const queryClient = useQueryClient();
  const [name, setName] = useState(task.kind === 'rename' ? task.view.name : '');
  const [blank, setBlank] = useState(false);
  const run = useMutation({
    mutationFn: async (): Promise<SavedView | null> => {
      switch (task.kind) {
        case 'save':
          return createView(projectId, table, name.trim(), task.search);
        case 'rename':
          return changeView(projectId, task.view.id, { name: name.trim() });
        case 'delete':
          await deleteView(projectId, task.view.id);
          return null;
      }
    },
    onSuccess: async (view) => {
      await queryClient.invalidateQueries({ queryKey: savedViewsKey(projectId, table) });
      onDone(view);
    },
  });
  const submit = (): void => {
    const missing = task.kind !== 'delete' && name.trim() === '';
    setBlank(missing);
    if (!missing) run.mutate();
  };
  return (
    <Dialog title={TITLES[task.kind]} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="sm">
          {task.kind === 'delete' ? (
            <Text size="sm">
              The view <bdi>“{task.view.name}”</bdi> goes for everybody in the project. What it shows stays.
            </Text>
          ) : (
            <TextInput
              label="Name"
              description={
                task.kind === 'save'
                  ? `Filter, order and columns are kept. Everybody in the project finds the view under this name.`
                  : 'Everybody in the project finds the view under this name.'
              }
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={blank ? 'Enter a name.' : undefined}
              maxLength={500}
              data-autofocus
            />
          )}
          {run.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {run.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={task.kind === 'delete' ? 'red' : 'blue'} loading={run.isPending}>
              {BUTTONS[task.kind]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
