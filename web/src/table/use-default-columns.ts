import { useMemo } from 'react';
import type { KnownField } from '../api/metadata.js';
import { byInterest } from '../fields/by-interest.js';
import { useKnownFields } from '../fields/use-known-fields.js';

const METADATA_COLUMNS = 6;

/**
 * What is shown where nobody chose columns: the host's, and the metadata fields that the most trials have. Null until
 * the fields are known; when they cannot be had, the host's columns alone.
 */
export function useDefaultColumns(
  projectId: number | undefined,
  hostColumns: readonly string[],
): readonly string[] | null {
  const known = useKnownFields(projectId);
  const { data, isError, isPlaceholderData } = known;
  return useMemo(() => {
    if (isError) return hostColumns;
    if (data === undefined || isPlaceholderData) return null;
    const leaves = data.items.filter(({ types }) => types[0] !== 'object' && types[0] !== 'array');
    const common = [...leaves].sort(numbersFirst).slice(0, METADATA_COLUMNS);
    return [...hostColumns, ...common.map(({ path }) => `metadata.${path}`)];
  }, [data, isError, isPlaceholderData, hostColumns]);
}

/** Numbers tell more at a glance than words that are in as many trials. */
function numbersFirst(a: KnownField, b: KnownField): number {
  return b.trials - a.trials || Number(isText(a)) - Number(isText(b)) || byInterest(a, b);
}

function isText({ types }: KnownField): boolean {
  return types[0] === 'string';
}
