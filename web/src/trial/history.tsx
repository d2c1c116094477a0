import { Badge, Button, Group, Text, Timeline } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { notify } from '../app/notify.js';
import { Dialog } from '../app/dialog.js';
import { ApiError } from '../api/api-error.js';
import { getHistory, type FieldChange, type Revision } from '../api/history.js';
import { getMetadata, revertMetadata } from '../api/metadata.js';
import { QueryState } from '../app/query-state.js';
import { formatInstant } from '../grid/format.js';
import { useCanEdit } from '../session/use-me.js';
import { FoldedValue } from './folded-value.js';
import { metadataQuery } from './metadata-query.js';
import { useShowMetadata } from './use-show-metadata.js';
import classes from './history.module.css';

/** Who changed what, newest first; editors may restore how it was. */
export function History({
  trialId,
  projectId,
}: {
  readonly trialId: number;
  readonly projectId: number;
}): ReactElement {
  const canEdit = useCanEdit(projectId);
  const queryClient = useQueryClient();
  const [restoring, setRestoring] = useState<Revision | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['history', trialId],
    queryFn: ({ pageParam, signal }) => getHistory(trialId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const revisions = query.data?.pages.flatMap((page) => page.items) ?? [];
  // The tab "Overview" is not to show an older revision than this one.
  const latest = revisions[0]?.revision;
  useEffect(() => {
    const { queryKey } = metadataQuery(trialId);
    if (latest !== undefined && queryClient.getQueryData(queryKey)?.revision !== latest)
      void queryClient.invalidateQueries({ queryKey, refetchType: 'all' });
  }, [queryClient, trialId, latest]);
  return (
    <section aria-label="History">
      <QueryState query={query} label="the history" />
      {query.data !== undefined && revisions.length === 0 && (
        <Text c="dimmed" size="sm">
          Nothing was ever reported for this trial.
        </Text>
      )}
      <Timeline bulletSize={14} lineWidth={2} active={0}>
        {revisions.map((revision, index) => (
          <Timeline.Item
            key={revision.revision}
            title={
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  Revision {revision.revision}
                </Text>
                <Text size="sm">
                  {revision.updatedBy ?? 'unknown'},{' '}
                  <time dateTime={revision.updatedAt}>{formatInstant(revision.updatedAt)}</time>
                </Text>
                {revision.source !== null && (
                  <Badge size="xs" variant="default" tt="none">
                    {revision.source}
                  </Badge>
                )}
                {canEdit && index > 0 && (
                  <Button size="compact-xs" variant="subtle" onClick={() => setRestoring(revision)}>
                    Restore
                  </Button>
                )}
              </Group>
            }
          >
            <Changes changes={revision.changes} />
          </Timeline.Item>
        ))}
      </Timeline>
      {query.hasNextPage && (
        <Button
          mt="md"
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older
        </Button>
      )}
      {restoring !== null && (
        <RestoreDialog trialId={trialId} revision={restoring} onClose={() => setRestoring(null)} />
      )}
    </section>
  );
}

/** Longer lists of changes are folded. */
const FOLDED = 12;

function Changes({ changes }: { readonly changes: readonly FieldChange[] }): ReactElement {
  const [open, setOpen] = useState(false);
  const shown = open ? changes : changes.slice(0, FOLDED);
  return (
    <>
      <ul className={classes['changes']}>
        {shown.map((change) => (
          <Change key={change.field} change={change} />
        ))}
      </ul>
      {changes.length > FOLDED && (
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show fewer' : `Show all ${changes.length} changes`}
        </Button>
      )}
    </>
  );
}

function Change({ change }: { readonly change: FieldChange }): ReactElement {
  const { field, before, after } = change;
  return (
    <li>
      <Text component="span" size="sm" fw={550} dir="auto">
        {field}
      </Text>{' '}
      {before === undefined ? <Word text="added" /> : <FoldedValue value={before} />}
      {before !== undefined && after !== undefined && <span aria-label="changed to"> → </span>}{' '}
      {after === undefined ? <Word text="removed" /> : <FoldedValue value={after} />}
    </li>
  );
}

function Word({ text }: { readonly text: string }): ReactElement {
  return (
    <Text component="span" size="xs" c="dimmed">
      {text}{' '}
    </Text>
  );
}

interface RestoreDialogProps {
  readonly trialId: number;
  readonly revision: Revision;
  readonly onClose: () => void;
}

function RestoreDialog({ trialId, revision, onClose }: RestoreDialogProps): ReactElement {
  const queryClient = useQueryClient();
  const show = useShowMetadata();
  const restore = useMutation({
    mutationFn: async () => {
      const current = await getMetadata(trialId);
      return revertMetadata(trialId, revision.revision, current.revision);
    },
    onSuccess: (document) => {
      show(document);
      void notify({ message: `Restored as revision ${document.revision}` });
      onClose();
    },
    onError: () => queryClient.invalidateQueries({ queryKey: ['history', trialId] }),
  });
  return (
    <Dialog title={`Restore revision ${revision.revision}?`} onClose={onClose}>
      <Text size="sm">
        The metadata becomes what it was after revision {revision.revision}, as a new revision. Nothing of the
        history is lost.
      </Text>
      {restore.error !== null && (
        <Text size="sm" c="var(--mantine-color-error)" mt="sm" role="alert">
          {restore.error instanceof ApiError && restore.error.status === 412
            ? 'Somebody changed the metadata just now. Look at the history again, then restore.'
            : restore.error.message}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={restore.isPending} onClick={() => restore.mutate()} data-autofocus>
          Restore
        </Button>
      </Group>
    </Dialog>
  );
}
