import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDotsVertical } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';
import type { SortLevel } from '../api/search.js';
import type { GridColumn, GridRow, HeadFocus } from './column.js';
import { cellStyle } from './cell-style.js';
import { nextSort } from './next-sort.js';
import type { DrawnColumn } from './use-drawn-columns.js';
import type { ActiveCell } from './use-grid-keys.js';
import classes from './data-grid.module.css';

interface GridHeaderProps {
  readonly columns: readonly DrawnColumn[];
  readonly rows: readonly GridRow[];
  readonly sort: readonly SortLevel[];
  readonly onSort?: (sort: readonly SortLevel[]) => void;
  readonly selectable: boolean;
  readonly selection?: ReadonlySet<number> | undefined;
  readonly onSelection?: (selection: ReadonlySet<number>) => void;
  readonly headerMenu?: (column: GridColumn) => ReactNode;
  readonly headLink?: (column: GridColumn, focus: HeadFocus) => ReactNode | undefined;
  readonly active: ActiveCell;
  readonly width: number;
  readonly resizeHandler: (field: string) => ((event: unknown) => void) | undefined;
  readonly resizingField: string | null;
}

/** The header of a grid: sorts, resizes, and opens what else can be done with a column. */
export function GridHeader(props: GridHeaderProps): ReactElement {
  const { columns, sort, onSort, selectable, active, width } = props;
  const tab = (column: number): 0 | -1 => (active.row === -1 && active.column === column ? 0 : -1);
  return (
    <div role="rowgroup" className={classes['head']} style={{ width }}>
      <div role="row" aria-rowindex={1} className={classes['headRow']}>
        {selectable && <SelectAll {...props} tabIndex={tab(0)} />}
        {columns.map(({ column, place, gap, width: columnWidth, stick }) => {
          const level = sort.findIndex((key) => key.field === column.field);
          const direction = sort[level]?.direction;
          const canSort = onSort !== undefined && column.sortable;
          const focus = { tabIndex: tab(place), 'data-cell': `-1:${place}`, 'data-press': 'own' } as const;
          return (
            <div
              key={column.field}
              role="columnheader"
              aria-colindex={place + 1}
              aria-sort={
                !canSort
                  ? undefined
                  : direction === undefined
                    ? 'none'
                    : direction === 'asc'
                      ? 'ascending'
                      : 'descending'
              }
              className={classes['headCell']}
              data-pinned={stick !== null || undefined}
              style={cellStyle({ width: columnWidth, stick, gap })}
            >
              {props.headLink?.(column, focus) ?? (
                <button
                  type="button"
                  className={classes['sortButton']}
                  {...focus}
                  title={canSort ? `${column.label}: sort; with Shift as a further level` : column.label}
                  aria-disabled={!canSort || undefined}
                  onClick={(event) => {
                    if (canSort) onSort(nextSort(sort, column.field, event.shiftKey));
                  }}
                >
                  <span className={classes['headLabel']} dir="auto">
                    {column.label}
                  </span>
                  {direction === 'asc' && <IconArrowUp size={14} aria-hidden />}
                  {direction === 'desc' && <IconArrowDown size={14} aria-hidden />}
                  {sort.length > 1 && level >= 0 && <span className={classes['level']}>{level + 1}</span>}
                </button>
              )}
              {props.headerMenu !== undefined && column.sortable && (
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <ActionIcon
                      size="xs"
                      variant="subtle"
                      color="gray"
                      className={classes['headMenu']}
                      aria-label={`Column ${column.label}`}
                      tabIndex={tab(place)}
                    >
                      <IconDotsVertical size={14} aria-hidden />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>{props.headerMenu(column)}</Menu.Dropdown>
                </Menu>
              )}
              <div
                className={classes['resizer']}
                data-active={props.resizingField === column.field || undefined}
                onMouseDown={(event) => props.resizeHandler(column.field)?.(event)}
                onTouchStart={(event) => props.resizeHandler(column.field)?.(event)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SelectAll({
  rows,
  selection,
  onSelection,
  tabIndex,
}: GridHeaderProps & { readonly tabIndex: 0 | -1 }): ReactElement {
  const chosen = rows.filter((row) => selection?.has(row.id)).length;
  return (
    <div role="columnheader" aria-colindex={1} className={classes['selectHead']}>
      <Checkbox
        size="xs"
        aria-label="Choose all rows that are loaded"
        checked={chosen > 0 && chosen === rows.length}
        indeterminate={chosen > 0 && chosen < rows.length}
        onChange={(event) => {
          const next = new Set(selection);
          for (const row of rows) {
            if (event.currentTarget.checked) next.add(row.id);
            else next.delete(row.id);
          }
          onSelection?.(next);
        }}
        tabIndex={tabIndex}
        data-cell="-1:0"
        data-press="own"
      />
    </div>
  );
}
