import { hostField, type HostType } from '../fields/host-fields.js';
import { fieldLabel, isMetadataField, pathOf, valueAtPath } from '../fields/metadata-field.js';
import type { JsonObject, JsonValue } from '../shared/metadata.js';
import { formatCount } from './format.js';

/** A column of a table of trials or experiments. */
export interface GridColumn {
  readonly field: string;
  readonly label: string;
  /** The host column's type; null for metadata, where each value has its own. */
  readonly hostType: HostType | null;
  /** Pixels, until it is resized. */
  readonly width: number;
  /** Whether the server can order by it. */
  readonly sortable: boolean;
  /** The value of a row; undefined when it has none. */
  readonly read: (row: GridRow) => JsonValue | undefined;
  /** Whether a press on a cell opens no menu. */
  readonly withoutMenu?: boolean;
  /** What a row's cell shows in the room of so many digits, where its value's own text will not do. */
  readonly text?: (row: GridRow, room: number) => string | undefined;
  /** Whether a row's cell is marked. */
  readonly marked?: (row: GridRow) => boolean;
}

/** What makes an element of a heading the one that the keyboard reaches. */
export interface HeadFocus {
  readonly tabIndex: 0 | -1;
  readonly 'data-cell': string;
  readonly 'data-press': 'own';
}

/** What a table needs to know of a row. */
export interface GridRow {
  readonly id: number;
  readonly metadata: JsonObject;
  readonly item: JsonObject;
  /** The trial whose metadata it is, where the row is an experiment; null when there is none. */
  readonly trialId?: number | null;
  /** How many trials of the experiment match; that one is the first of them. */
  readonly matchingTrials?: number | null;
}

const WIDTHS: Record<HostType, number> = {
  number: 100,
  seconds: 110,
  text: 260,
  boolean: 100,
  instant: 195,
  state: 125,
  texts: 180,
};

/** Whether a filter can name a column. The field of one that is the page's own begins with `@`. */
export function isFilterable({ field }: GridColumn): boolean {
  return !field.startsWith('@');
}

/** The column of a field. `memberOf` names the member of a row's item that carries a host column. */
export function gridColumn(field: string, memberOf: (field: string) => string | undefined): GridColumn {
  const host = hostField(field);
  if (host !== undefined) {
    const member = memberOf(field) ?? host.item;
    return {
      field,
      label: host.label,
      hostType: host.type,
      width: Math.max(WIDTHS[host.type], host.label.length * 8 + 56),
      sortable: true,
      read: (row) => {
        const value = row.item.get(member);
        return value === null ? undefined : value;
      },
    };
  }
  const path = pathOf(field) ?? [];
  return {
    field,
    label: fieldLabel(field),
    hostType: null,
    width: Math.min(Math.max(fieldLabel(field).length * 8 + 76, 140), 300),
    sortable: true,
    read: (row) => valueAtPath(row.metadata, path),
  };
}

/** The trial whose value a cell of an experiment shows; null for a cell that shows the row's own. */
export function trialOfCell(row: GridRow, column: GridColumn): number | null {
  return isMetadataField(column.field) ? (row.trialId ?? null) : null;
}

/** Whose value a cell of an experiment shows, in words: `of trial 7, the first of 30 that match`; null as above. */
export function sourceOfCell(row: GridRow, column: GridColumn): string | null {
  const trialId = trialOfCell(row, column);
  if (trialId === null) return null;
  const matching = row.matchingTrials ?? null;
  if (matching === 1) return `of trial ${trialId}, the only one that matches`;
  return `of trial ${trialId}, the first ${matching === null ? 'that matches' : `of ${formatCount(matching)} that match`}`;
}
