import { formatPath, type Path } from '../document/index.js';

/** What an index is of: the `values` of a field, for sorts and bounds, or its `texts`, for `contains` and `startsWith`. */
export const INDEX_KINDS = ['values', 'texts'] as const;
/** One of {@link INDEX_KINDS}. */
export type IndexKind = (typeof INDEX_KINDS)[number];

/** What an index is of. */
export interface IndexTarget {
  readonly path: Path;
  readonly kind: IndexKind;
}

/** The field as filters name it, `metadata.` included. */
export function fieldOf({ path }: IndexTarget): string {
  return `metadata.${formatPath(path)}`;
}

/** One text for each target. */
export function targetKey({ path, kind }: IndexTarget): string {
  return `${kind} of ${formatPath(path)}`;
}

/** As messages name it: `index of metadata.note`, or `index of the texts of metadata.note`. */
export function describeIndex({ field, kind }: { readonly field: string; readonly kind: IndexKind }): string {
  return kind === 'values' ? `index of ${field}` : `index of the texts of ${field}`;
}

/** What has it built, or dropped, below the API's prefix: `/metadata/indexes/note?kind=texts`. */
export function indexRoute({ path, kind }: IndexTarget): string {
  const query = kind === 'values' ? '' : `?kind=${kind}`;
  return `/metadata/indexes/${encodeURIComponent(formatPath(path))}${query}`;
}
