import type { Path } from '../document/index.js';
import { formatPath } from '../document/index.js';
import type { Column } from './column.js';

/** A value inside the metadata document. */
export interface MetadataField {
  readonly kind: 'metadata';
  readonly path: Path;
}

/** A column of the host's. */
export interface ColumnField {
  readonly kind: 'column';
  readonly column: Column;
}

/** What a condition, a sort key or a projection names. */
export type Field = MetadataField | ColumnField;

/** The field as requests write it: `metadata.hardware.gpu`, `trial.state`. */
export function formatField(field: Field): string {
  return field.kind === 'metadata' ? `metadata.${formatPath(field.path)}` : field.column.name;
}
