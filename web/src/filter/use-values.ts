import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { getValues, type ListPage, type ValueCount } from '../api/metadata.js';
import { isMetadataField } from '../fields/metadata-field.js';
import { hostField, STATES } from '../fields/host-fields.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';

interface ValuesOptions {
  readonly field: string;
  readonly q: string;
  readonly projectId: number | undefined;
  /** Within which values are counted. */
  readonly filter: JsonValue;
  readonly enabled: boolean;
}

/** The values that a field holds, the commonest first, as far as they have `q` in them. */
export function useValues({
  field,
  q,
  projectId,
  filter,
  enabled,
}: ValuesOptions): UseQueryResult<ListPage<ValueCount>> {
  const [text] = useDebouncedValue(q.trim(), 150);
  const filterText = filter === null ? undefined : writeJson(filter);
  return useQuery({
    queryKey: ['values', field, text, projectId ?? null, filterText ?? null],
    queryFn: ({ signal }) => getValues({ field, q: text, projectId, filter: filterText, limit: 50 }, signal),
    enabled: enabled && isMetadataField(field),
    placeholderData: (previous, query) =>
      query?.queryKey[1] === field ? keepPreviousData(previous) : undefined,
    staleTime: 30_000,
  });
}

/** The values that a host column can have, where they are few and known. */
export function fixedValues(field: string): readonly string[] | null {
  return hostField(field)?.type === 'state' ? STATES : null;
}
