import { hostField, type HostType } from '../fields/host-fields.js';
import { fieldLabel, pathOf, valueAtPath } from '../fields/metadata-field.js';
import type { JsonObject, JsonValue } from '../shared/metadata.js';

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
  /** Whether a row's cell is marked. */
  readonly marked?: (row: GridRow) => boolean;
}

/** What a table needs to know of a row. */
export interface GridRow {
  readonly id: number;
  readonly metadata: JsonObject;
  readonly item: JsonObject;
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
