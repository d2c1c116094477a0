import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { KnownField } from '../api/metadata.js';
import type { JsonType } from '../shared/metadata.js';
import { isMetadataField, pathOf } from './metadata-field.js';
import { knownFieldsQuery, useKnownFields } from './use-known-fields.js';

/** What finds the types of metadata fields; those of the given ones are looked up when they are not among the most common. */
export function useFieldTypes(
  projectId: number | undefined,
  fields: readonly string[],
): (field: string) => readonly JsonType[] {
  const known = useKnownFields(projectId);
  const common = useMemo(() => typesByField(known.data?.items ?? []), [known.data]);
  const rest =
    known.data === undefined || known.data.next === null
      ? []
      : [...new Set(fields)].filter((field) => isMetadataField(field) && !common.has(field));
  const found = useQueries({
    queries: rest.map((field) => knownFieldsQuery(projectId, pathOf(field)?.join('.') ?? '')),
    combine: (results) => typesByField(results.flatMap(({ data }) => data?.items ?? [])),
  });
  return (field) => common.get(field) ?? found.get(field) ?? [];
}

function typesByField(fields: readonly KnownField[]): ReadonlyMap<string, readonly JsonType[]> {
  return new Map(fields.map(({ path, types }) => [`metadata.${path}`, types]));
}
