import {
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react';
import type { SortLevel } from '../api/search.js';
import type { GridColumn, GridRow, HeadFocus } from './column.js';
import { GridBodyRow } from './grid-body-row.js';
import { GridHeader } from './grid-header.js';
import { useDigitWidth } from './use-digit-width.js';
import { useDrawnColumns, type ColumnPlace } from './use-drawn-columns.js';
import { useGridKeys, type ActiveCell } from './use-grid-keys.js';
import classes from './data-grid.module.css';

export const ROW_HEIGHT = 34;
const SELECT_WIDTH = 40;
/** What the router keeps the place under, for each entry of the browser's history. */
const SCROLL_ID = 'grid';
/** Selects what scrolls in a table. */
export const SCROLLED_GRID = `[data-scroll-restoration-id="${SCROLL_ID}"]`;

/** The parts of TanStack Table that the tables use; the server sorts, filters and pages. */
export const gridFeatures = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnPinningFeature,
  columnVisibilityFeature,
});
export type GridFeatures = typeof gridFeatures;

/** A click on a cell: where it is and what it shows. */
export interface CellPick<Row extends GridRow> {
  readonly row: Row;
  readonly column: GridColumn;
  readonly element: HTMLElement;
}

export interface DataGridProps<Row extends GridRow> {
  /** What the table is of, e.g. `Trials`. */
  readonly label: string;
  /** One row, in words: `trial`. */
  readonly noun: string;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly Row[];
  /** Rows in all, as far as known, for assistive technology. */
  readonly totalRows: number;
  readonly sort: readonly SortLevel[];
  /** Left out where rows have an order of their own. */
  readonly onSort?: (sort: readonly SortLevel[]) => void;
  readonly pinned: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly onWidths: (widths: Readonly<Record<string, number>>) => void;
  /** The chosen rows; undefined for a table that rows are not chosen in. */
  readonly selection?: ReadonlySet<number> | undefined;
  readonly onSelection?: (selection: ReadonlySet<number>) => void;
  readonly onPick: (pick: CellPick<Row>) => void;
  readonly headerMenu?: (column: GridColumn) => ReactNode;
  /** A heading that leads elsewhere, instead of the column's label; the link takes `focus`. */
  readonly headLink?: (column: GridColumn, focus: HeadFocus) => ReactNode | undefined;
  /** The cell that leads to the row's page, as a link. */
  readonly rowLink: (row: Row, column: GridColumn) => ReactNode | undefined;
  readonly onEndReached: () => void;
  /** Whether the rows are those of the request before, while the answer is on its way. */
  readonly stale: boolean;
}

/**
 * A table over rows that the server pages: only the rows and columns in view are in the document. By keyboard: arrows, Home, End,
 * Page Up and Page Down move, Enter opens a cell's menu or sorts by a header, Space chooses a row.
 */
export function DataGrid<Row extends GridRow>(props: DataGridProps<Row>): ReactElement {
  const { columns, rows, pinned, widths, selection, onEndReached } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const digitWidth = useDigitWidth();
  const [sizing, setSizing] = useState<Record<string, number>>({ ...widths });
  useEffect(() => setSizing({ ...widths }), [widths]);

  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<GridFeatures, GridRow> => ({
        id: column.field,
        accessorFn: (row) => column.read(row),
        size: column.width,
        minSize: 60,
        maxSize: 900,
      })),
    [columns],
  );
  const pinning = useMemo(
    () => ({ start: pinned.filter((field) => columns.some((column) => column.field === field)), end: [] }),
    [pinned, columns],
  );
  const data = rows as readonly GridRow[];
  const table = useTable<GridFeatures, GridRow>({
    features: gridFeatures,
    columns: definitions,
    data,
    getRowId: (row) => String(row.id),
    columnResizeMode: 'onChange',
    state: { columnSizing: sizing, columnPinning: pinning },
    onColumnSizingChange: setSizing,
  });
  // A resize goes into the address once, when it is over.
  const resizing = table.state.columnResizing.isResizingColumn;
  const wasResizing = useRef(false);
  const { onWidths } = props;
  useEffect(() => {
    if (wasResizing.current && resizing === false) onWidths(sizing);
    wasResizing.current = resizing !== false;
  }, [resizing, sizing, onWidths]);

  const byField = useMemo(() => new Map(columns.map((column) => [column.field, column])), [columns]);
  const shown = [...table.getStartVisibleLeafColumns(), ...table.getCenterVisibleLeafColumns()].flatMap(
    (column) => {
      const gridColumn = byField.get(column.id);
      return gridColumn === undefined ? [] : [{ column, gridColumn }];
    },
  );
  const offset = selection === undefined ? 0 : SELECT_WIDTH;
  const firstPlace = selection === undefined ? 0 : 1;
  const places = shown.map(({ column, gridColumn }, position): ColumnPlace => ({
    column: gridColumn,
    place: firstPlace + position,
    width: column.getSize(),
    stick: column.getIsPinned() === 'start' ? column.getStart('start') + offset : null,
  }));
  const headers = new Map(table.getFlatHeaders().map((header) => [header.column.id, header]));

  const place = useElementScrollRestoration({ id: SCROLL_ID });
  const virtualizer = useVirtualizer({
    count: rows.length,
    initialOffset: () => place?.scrollY ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollPaddingStart: ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastIndex >= rows.length - 15 && rows.length > 0) onEndReached();
  }, [lastIndex, rows.length, onEndReached]);

  const columnCount = firstPlace + places.length;
  const [active, setActive] = useState<ActiveCell>({ row: -1, column: 0 });
  // After columns have gone, the keyboard is in the last one.
  const kept = Math.min(active.column, columnCount - 1);
  const initialOffset = () => place?.scrollX ?? 0;
  const { drawn, showColumn } = useDrawnColumns({ scroller, places, offset, initialOffset }, kept);
  const keys = useGridKeys({
    scroller,
    active,
    onActive: setActive,
    rowCount: rows.length,
    columnCount,
    showRow: (index) => virtualizer.scrollToIndex(index),
    showColumn,
  });
  const totalWidth = table.getTotalSize() + offset;

  return (
    <div
      ref={scroller}
      className={classes['scroller']}
      data-scroll-restoration-id={SCROLL_ID}
      role="grid"
      aria-label={props.label}
      aria-rowcount={Math.max(props.totalRows, rows.length) + 1}
      aria-colcount={columnCount}
      aria-busy={props.stale}
      aria-multiselectable={selection === undefined ? undefined : true}
      onKeyDown={keys.onKeyDown}
      onFocus={keys.onFocus}
    >
      <GridHeader
        {...props}
        columns={drawn}
        active={keys.active}
        selectable={selection !== undefined}
        width={totalWidth}
        resizeHandler={(field) => headers.get(field)?.getResizeHandler()}
        resizingField={resizing === false ? null : resizing}
      />
      <div
        role="rowgroup"
        className={classes['body']}
        style={{ height: virtualizer.getTotalSize(), width: totalWidth }}
        data-stale={props.stale || undefined}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <GridBodyRow
              key={item.key}
              row={row}
              noun={props.noun}
              index={item.index}
              digitWidth={digitWidth}
              top={item.start}
              columns={drawn}
              activeColumn={keys.active.row === item.index ? keys.active.column : null}
              selected={selection?.has(row.id)}
              onSelect={(chosen) => props.onSelection?.(toggled(selection, row.id, chosen))}
              onPick={props.onPick}
              rowLink={props.rowLink}
            />
          );
        })}
      </div>
    </div>
  );
}

function toggled(
  selection: ReadonlySet<number> | undefined,
  id: number,
  chosen: boolean,
): ReadonlySet<number> {
  const next = new Set(selection);
  if (chosen) next.add(id);
  else next.delete(id);
  return next;
}
