import {
  formatField,
  type Column,
  type JsonObject,
  type JsonValue,
  type Path,
} from '../../../metadata/index.js';
import type { TrialItem } from '../../search/trial-items.js';
import { valueIn } from '../document-paths.js';
import { columnValueOf, DEFAULT_COLUMNS, ID_COLUMNS } from '../item-values.js';
import { distinct } from '../read-list.js';
import type { ExportRequest } from './export-request.js';

/** A column of the table. */
export interface CsvColumn {
  /** A member of an item (`experimentName`), or a field of the metadata (`metadata.hardware.gpu`). */
  readonly header: string;
  readonly valueOf: (item: TrialItem, document: JsonObject) => JsonValue | undefined;
}

/**
 * The columns of an export: the ids, and then what was asked for, in that order; each once.
 * @param leaves the paths that stand for the whole metadata
 */
export function csvColumns({ fields }: ExportRequest, leaves: readonly Path[]): readonly CsvColumn[] {
  const asked = fields?.flatMap((field) => {
    if (field === 'metadata') return leaves.map(metadataColumn);
    return field.kind === 'metadata' ? [metadataColumn(field.path)] : [hostColumn(field.column)];
  });
  const others = asked ?? [...DEFAULT_COLUMNS.map(hostColumn), ...leaves.map(metadataColumn)];
  return distinct([...ID_COLUMNS.map(hostColumn), ...others], ({ header }) => header);
}

function hostColumn(column: Column): CsvColumn {
  return { header: column.item, valueOf: (item) => columnValueOf(item, column) };
}

function metadataColumn(path: Path): CsvColumn {
  return {
    header: formatField({ kind: 'metadata', path }),
    valueOf: (_, document) => valueIn(document, path),
  };
}
