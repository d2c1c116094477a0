import type { KnownField } from '../api/metadata.js';
import type { JsonType } from '../shared/metadata.js';
import { HOST_FIELDS, jsonTypesOfHost, type HostField } from './host-fields.js';
import { metadataField, pathOf } from './metadata-field.js';

/** A field that a menu offers. */
export interface FieldOption {
  readonly field: string;
  readonly label: string;
  readonly types: readonly JsonType[];
  /** In how many trials; null for a host column, which all have. */
  readonly trials: number | null;
  /** How far it is indented: its parents stand above it. */
  readonly depth: number;
}

export interface FieldGroup {
  readonly label: string;
  readonly options: readonly FieldOption[];
}

/** The host's columns that a search text finds, by what they belong to. */
export function hostGroups(
  q: string,
  offered: (field: HostField) => boolean = () => true,
): readonly FieldGroup[] {
  const found = HOST_FIELDS.filter((field) => offered(field) && matches(`${field.label} ${field.field}`, q));
  return (['Trial', 'Experiment', 'Project'] as const).flatMap((group) => {
    const options = found
      .filter((field) => field.group === group)
      .map((field) => ({
        field: field.field,
        label: field.label,
        types: jsonTypesOfHost(field.type),
        trials: null,
        depth: 0,
      }));
    return options.length === 0 ? [] : [{ label: group, options }];
  });
}

/**
 * The known metadata fields as a tree drawn in one list: each below the object that holds it. While searching, hits are
 * named by their whole path instead.
 */
export function metadataOptions(fields: readonly KnownField[], q: string): readonly FieldOption[] {
  const options = fields.flatMap((known) => {
    const field = `metadata.${known.path}`;
    const path = pathOf(field);
    return path === null ? [] : [{ field: metadataField(path), path, known }];
  });
  const parents = new Set(options.map(({ field }) => field));
  const sorted = [...options].sort((a, b) => comparePaths(a.path, b.path));
  return sorted.map(({ field, path, known }) => {
    const parent = path.length > 1 ? metadataField(path.slice(0, -1)) : null;
    const inTree = q === '' && parent !== null && parents.has(parent);
    return {
      field,
      label: inTree ? (path.at(-1) ?? '') || '""' : known.path,
      types: known.types,
      trials: known.trials,
      depth: inTree ? path.length - 1 : 0,
    };
  });
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = (a[index] ?? '').localeCompare(b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Plain text, not a pattern: "(" finds "(". */
function matches(text: string, q: string): boolean {
  return text.toLowerCase().includes(q.trim().toLowerCase());
}
