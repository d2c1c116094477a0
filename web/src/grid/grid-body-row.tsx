import { Checkbox } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { JsonNumber } from '../shared/metadata.js';
import { CellValue } from './cell-value.js';
import { trialOfCell, type GridColumn, type GridRow } from './column.js';
import type { CellPick, ColumnPlace } from './data-grid.js';
import classes from './data-grid.module.css';

interface GridBodyRowProps<Row extends GridRow> {
  readonly row: Row;
  readonly noun: string;
  readonly index: number;
  /** Pixels from the top of the body. */
  readonly top: number;
  readonly places: readonly ColumnPlace[];
  /** The column of this row that Tab reaches; null when it is in another row. */
  readonly activeColumn: number | null;
  /** Undefined in a table that rows are not chosen in. */
  readonly selected: boolean | undefined;
  readonly onSelect: (chosen: boolean) => void;
  readonly onPick: (pick: CellPick<Row>) => void;
  readonly rowLink: (row: Row, column: GridColumn) => ReactNode | undefined;
}

/** One row of a grid. */
export function GridBodyRow<Row extends GridRow>(props: GridBodyRowProps<Row>): ReactElement {
  const { row, noun, index, top, places, activeColumn, selected, onSelect, onPick, rowLink } = props;
  const first = selected === undefined ? 0 : 1;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes['row']}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      {selected !== undefined && (
        <div role="gridcell" aria-colindex={1} className={classes['select']}>
          <Checkbox
            size="xs"
            aria-label={`Choose ${noun} ${row.id}`}
            checked={selected}
            onChange={(event) => onSelect(event.currentTarget.checked)}
            tabIndex={activeColumn === 0 ? 0 : -1}
            data-cell={`${index}:0`}
            data-select={index}
            data-press="own"
          />
        </div>
      )}
      {places.map(({ column, width, stick }, position) => {
        const value = column.read(row);
        const trialId = trialOfCell(row, column);
        const place = position + first;
        const menu = column.withoutMenu !== true;
        return (
          <div
            key={column.field}
            role="gridcell"
            aria-colindex={place + 1}
            aria-haspopup={menu ? 'menu' : undefined}
            title={trialId === null ? undefined : `Of trial ${trialId}, the first that matches`}
            tabIndex={activeColumn === place ? 0 : -1}
            data-cell={`${index}:${place}`}
            data-pinned={stick !== null || undefined}
            data-marked={column.marked?.(row) || undefined}
            data-number={value instanceof JsonNumber || undefined}
            className={classes['cell']}
            style={stick === null ? { width } : { width, left: stick }}
            onClick={menu ? (event) => onPick({ row, column, element: event.currentTarget }) : undefined}
          >
            {rowLink(row, column) ?? <CellValue value={value} hostType={column.hostType} />}
          </div>
        );
      })}
    </div>
  );
}
