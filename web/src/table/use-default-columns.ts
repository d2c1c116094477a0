import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { KnownField } from '../api/metadata.js';
import { byInterest } from '../fields/by-interest.js';
import { knownFieldsQuery } from '../fields/use-known-fields.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';
import { heldFields } from './held-fields.js';
import { AWAITED_MS } from './use-search-rows.js';

const METADATA_COLUMNS = 6;

/** Of what, and how, the default columns are found. */
interface DefaultColumnsOf {
  readonly projectId: number | undefined;
  readonly hostColumns: readonly string[];
  /** The filter that a table is bound to, as that of an experiment's page; null: none. */
  readonly within: JsonValue;
  readonly archived: boolean;
  /** Whether to look again every few seconds while there are no fields. */
  readonly awaited: boolean;
}

/**
 * What is shown where nobody chose columns: the host's, and the metadata fields that the most trials have: of those
 * within a filter when one is given, of the project's while these have none. Null until the fields are known; when they
 * cannot be had, the host's columns alone.
 */
export function useDefaultColumns({
  projectId,
  hostColumns,
  within,
  archived,
  awaited,
}: DefaultColumnsOf): readonly string[] | null {
  const isBound = within !== null;
  const known = useQuery({
    ...knownFieldsQuery(projectId, ''),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      awaited && !isBound && state.data?.items.length === 0 ? AWAITED_MS : false,
  });
  const held = useQuery({
    queryKey: ['fields', 'within', writeJson(within), archived],
    queryFn: ({ signal }) => heldFields(within, archived, signal),
    enabled: isBound,
    refetchInterval: ({ state }) => (awaited && state.data?.length === 0 ? AWAITED_MS : false),
  });
  const { data, isError, isPlaceholderData } = known;
  const { isLoading, data: own = NONE } = held;
  return useMemo(() => {
    if (isLoading) return null;
    if (own.length > 0) return [...hostColumns, ...mostTelling(own)];
    if (isError) return hostColumns;
    if (data === undefined || isPlaceholderData) return null;
    return [...hostColumns, ...mostTelling(data.items)];
  }, [data, isError, isPlaceholderData, isLoading, own, hostColumns]);
}

const NONE: readonly KnownField[] = [];

function mostTelling(fields: readonly KnownField[]): readonly string[] {
  const leaves = fields.filter(({ types }) => types[0] !== 'object' && types[0] !== 'array');
  const common = leaves.sort(numbersFirst).slice(0, METADATA_COLUMNS);
  return common.map(({ path }) => `metadata.${path}`);
}

/** Numbers tell more at a glance than words that are in as many trials. */
function numbersFirst(a: KnownField, b: KnownField): number {
  return b.trials - a.trials || Number(isText(a)) - Number(isText(b)) || byInterest(a, b);
}

function isText({ types }: KnownField): boolean {
  return types[0] === 'string';
}
