import { canonicalJson } from '../shared/canonical-json.js';
import type { GridColumn, GridRow } from '../grid/column.js';

/** The columns whose values are not the same in all rows; having none differs from having one. The first always stays. */
export function differingColumns(
  columns: readonly GridColumn[],
  rows: readonly GridRow[],
): readonly GridColumn[] {
  return columns.filter((column, index) => {
    if (index === 0) return true;
    const texts = new Set<string>();
    for (const row of rows) {
      const value = column.read(row);
      texts.add(value === undefined ? '' : canonicalJson(value));
      if (texts.size > 1) return true;
    }
    return rows.length < 2;
  });
}
