import { Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { Search, SearchPage, Total } from '../api/search.js';
import { formatCount } from '../grid/format.js';
import { writeJson } from '../shared/metadata.js';

interface TotalTextProps {
  readonly total: Total | null;
  readonly noun: string;
  readonly search: Search | null;
  readonly run: (search: Search, signal: AbortSignal) => Promise<SearchPage<unknown>>;
}

/** How many match. Beyond 10,000 the server stops counting; a click has all of them counted. */
export function TotalText({ total, noun, search, run }: TotalTextProps): ReactElement {
  const [wanted, setWanted] = useState<string | null>(null);
  const key =
    search === null
      ? null
      : writeJson({ projectId: search.projectId, filter: search.filter, archived: search.archived });
  const exact = useQuery({
    queryKey: ['count', noun, key],
    queryFn: ({ signal }) => {
      if (search === null) throw new Error('There is no search yet.');
      return run({ ...search, sort: [], fields: [], limit: 1, after: null, count: 'exact' }, signal);
    },
    enabled: wanted !== null && wanted === key && total?.relation === 'gte',
    staleTime: 60_000,
  });
  const shown = exact.data?.total ?? total;
  const plural = shown?.value === 1 ? noun : `${noun}s`;
  return (
    <Text size="sm" role="status" aria-live="polite" data-testid="total">
      {shown === null ? '…' : `${formatCount(shown.value)}${shown.relation === 'gte' ? '+' : ''} ${plural}`}
      {shown?.relation === 'gte' && (
        <UnstyledButton
          c="var(--mantine-color-anchor)"
          fz="xs"
          ml={6}
          onClick={() => setWanted(key)}
          disabled={exact.isFetching}
        >
          {exact.isFetching ? 'counting…' : 'count all'}
        </UnstyledButton>
      )}
    </Text>
  );
}
