import { Alert, Anchor, Button, Center, Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ApiError, isServerDown } from '../api/api-error.js';

type QueryLike = Pick<UseQueryResult, 'error' | 'failureReason' | 'isFetching' | 'isPending' | 'data'> & {
  readonly refetch: () => unknown;
};

/**
 * What a person is told while there is nothing to show: that it loads, why it does not and what to do. Renders nothing
 * once there is data; while the server is down it says so above data that is there.
 */
export function QueryState({
  query,
  label,
}: {
  readonly query: QueryLike;
  readonly label: string;
}): ReactElement | null {
  const failure = query.error ?? query.failureReason;
  if (failure !== null && isServerDown(failure)) return <ServerDown retry={() => void query.refetch()} />;
  if (query.error !== null) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined && query.isPending) {
    return (
      <Center p="xl" role="status">
        <Loader size="sm" mr="sm" />
        <Text c="dimmed">Loading {label}…</Text>
      </Center>
    );
  }
  return null;
}

function ServerDown({ retry }: { readonly retry: () => void }): ReactElement {
  return (
    <Alert
      color="orange"
      icon={<IconPlugConnectedX aria-hidden />}
      title="The server does not answer"
      m="md"
      role="status"
    >
      <Group justify="space-between">
        <Text size="sm">The page keeps trying and loses nothing of what you typed.</Text>
        <Button size="xs" variant="default" onClick={retry}>
          Try now
        </Button>
      </Group>
    </Alert>
  );
}

/** One error, with what to do about it. */
export function Failure({
  error,
  retry,
}: {
  readonly error: Error;
  readonly retry?: () => void;
}): ReactElement {
  const missing = error instanceof ApiError && (error.status === 404 || error.status === 403);
  return (
    <Alert
      color={missing ? 'gray' : 'red'}
      icon={missing ? <IconLock aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={missing ? 'Not here, or not for you' : 'That did not work'}
      m="md"
      role="alert"
    >
      <Text size="sm">{error.message}</Text>
      <Group mt="sm">
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {missing && (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/trials" search={{ project: undefined }} {...props} />}
          >
            Show all trials
          </Anchor>
        )}
      </Group>
    </Alert>
  );
}
