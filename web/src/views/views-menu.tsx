import { Button, Combobox, Text, useCombobox } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled, IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useMemo, useState, type ReactElement } from 'react';
import { changeView, type SavedView, type ViewTable } from '../api/views.js';
import { lazily } from '../app/lazily.js';
import { notify } from '../app/notify.js';
import { useCanEdit } from '../session/use-me.js';
import { equalJson } from '../shared/metadata.js';
import type { ViewState } from '../view/use-view.js';
import { searchOfView, viewOfSearch } from './saved-search.js';
import { savedViewsKey, useSavedViews } from './use-saved-views.js';
import { ViewActions } from './view-actions.js';
import type { ViewTask } from './view-dialog.js';
import classes from './views-menu.module.css';

const ViewDialog = lazily(
  () => import('./view-dialog.js'),
  (module) => module.ViewDialog,
);

interface ViewsMenuProps extends ViewState {
  readonly table: ViewTable;
}

/**
 * The views that the project keeps of a table: open one, keep what is shown as one, and change the one that is open. The
 * button names it, and says when what is shown is no longer what was kept.
 */
export function ViewsMenu({ view, change, table }: ViewsMenuProps): ReactElement {
  const { projectId, viewId } = view;
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');
  const [task, setTask] = useState<ViewTask | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const opened = combobox.dropdownOpened;
  const query = useSavedViews(projectId, table, opened || viewId !== undefined);
  const canEdit = useCanEdit(projectId ?? null);
  const views = query.data ?? [];
  const active = views.find(({ id }) => id === viewId);
  const shown = useMemo(() => searchOfView(view), [view]);
  // Read first, so that what this page does not know of a kept search makes no difference.
  const changed =
    active !== undefined && !equalJson(searchOfView({ ...view, ...viewOfSearch(active.search) }), shown);

  const open = (saved: SavedView): void => {
    change({ ...viewOfSearch(saved.search), viewId: saved.id });
    combobox.closeDropdown();
  };
  const start = (next: ViewTask): void => {
    combobox.closeDropdown();
    // The dialog gives the focus back to what had it, and the menu's own buttons are gone by then.
    combobox.targetRef.current?.focus();
    setTask(next);
  };
  const update = useMutation({
    mutationFn: async (saved: SavedView) => {
      if (projectId === undefined) return;
      await changeView(projectId, saved.id, { search: shown });
      await queryClient.invalidateQueries({ queryKey: savedViewsKey(projectId, table) });
    },
    onSuccess: (_, { name }) => {
      combobox.closeDropdown();
      void notify({ color: 'green', title: 'Saved', message: `The view “${name}” shows this now.` });
    },
    onError: (error) =>
      void notify({ color: 'red', title: 'The view was not changed', message: error.message }),
  });
  const found = views.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const Icon = active === undefined ? IconBookmark : IconBookmarkFilled;

  return (
    <>
      <Combobox
        store={combobox}
        onOptionSubmit={(id) => {
          const saved = views.find((candidate) => String(candidate.id) === id);
          if (saved !== undefined) open(saved);
        }}
        withinPortal
        width={320}
        position="bottom-start"
        shadow="md"
      >
        <Combobox.Target targetType="button">
          <Button
            size="xs"
            variant={active === undefined ? 'default' : 'light'}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
            className={classes['button']}
            title={active?.name}
            onClick={() => combobox.toggleDropdown()}
          >
            {active === undefined ? (
              'Views'
            ) : (
              <>
                <bdi className={classes['name']}>{active.name}</bdi>
                {changed && <span className={classes['changed']}>changed</span>}
              </>
            )}
          </Button>
        </Combobox.Target>
        <Combobox.Dropdown>
          {projectId === undefined ? (
            <Text size="sm" p="xs">
              Views belong to a project. Choose one at the top of the page.
            </Text>
          ) : (
            <>
              <Combobox.Search
                value={search}
                onChange={(event) => {
                  setSearch(event.currentTarget.value);
                  combobox.updateSelectedOptionIndex();
                }}
                placeholder="Search views"
                aria-label="Search views"
              />
              <Combobox.Options aria-label="Views" tabIndex={0} mah={280} style={{ overflowY: 'auto' }}>
                {found.map((saved) => (
                  <Combobox.Option key={saved.id} value={String(saved.id)} active={saved.id === viewId}>
                    <Text component="span" size="sm" fw={saved.id === viewId ? 600 : undefined} dir="auto">
                      {saved.name}
                    </Text>
                    <Text component="span" size="xs" c="dimmed" display="block">
                      {saved.updatedBy === null ? '' : `saved by ${saved.updatedBy}`}
                    </Text>
                  </Combobox.Option>
                ))}
                {found.length === 0 && (
                  <Combobox.Empty>
                    {emptyText(query.isPending, query.error, views.length, search)}
                  </Combobox.Empty>
                )}
              </Combobox.Options>
              <Combobox.Footer>
                <ViewActions
                  active={active}
                  changed={changed}
                  canEdit={canEdit}
                  onOpen={open}
                  onUpdate={(saved) => update.mutate(saved)}
                  onSave={() => start({ kind: 'save', search: shown })}
                  onRename={(saved) => start({ kind: 'rename', view: saved })}
                  onDelete={(saved) => start({ kind: 'delete', view: saved })}
                />
              </Combobox.Footer>
            </>
          )}
        </Combobox.Dropdown>
      </Combobox>
      <Suspense>
        {task !== null && projectId !== undefined && (
          <ViewDialog
            projectId={projectId}
            table={table}
            task={task}
            onDone={(saved) => {
              setTask(null);
              if (task.kind !== 'rename') change({ viewId: saved?.id });
            }}
            onClose={() => setTask(null)}
          />
        )}
      </Suspense>
    </>
  );
}

function emptyText(pending: boolean, error: Error | null, count: number, search: string): string {
  if (error !== null) return error.message;
  if (pending) return 'Loading views…';
  return count === 0 ? 'No view was saved yet' : `No view with “${search}” in its name`;
}
