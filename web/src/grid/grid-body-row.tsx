import { Checkbox } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { JsonNumber, type JsonValue } from '../shared/metadata.js';
import { cellText, CellValue } from './cell-value.js';
import { sourceOfCell, type GridColumn, type GridRow } from './column.js';
import { cellStyle } from './cell-style.js';
import type { CellPick } from './data-grid.js';
import type { DrawnColumn } from './use-drawn-columns.js';
import { plainText } from './format.js';
import classes from './data-grid.module.css';

/** Pixels beside the text of a cell. */
const CELL_PADDING = 16;
/** Characters of a value in a title: more are no help. */
const TITLE_LENGTH = 2_000;

interface GridBodyRowProps<Row extends GridRow> {
  readonly row: Row;
  readonly noun: string;
  readonly index: number;
  /** Pixels that a digit takes. */
  readonly digitWidth: number;
  /** Pixels from the top of the body. */
  readonly top: number;
  readonly columns: readonly DrawnColumn[];
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
  const { row, noun, index, digitWidth, top, columns, activeColumn, selected, onSelect, onPick } = props;
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
      {columns.map(({ column, place, width, stick, gap }) => {
        const value = column.read(row);
        const source = sourceOfCell(row, column);
        const menu = column.withoutMenu !== true;
        const room = Math.floor((width - CELL_PADDING) / digitWidth);
        const text = column.text?.(row, room);
        return (
          <div
            key={column.field}
            role="gridcell"
            aria-colindex={place + 1}
            aria-haspopup={menu ? 'menu' : undefined}
            title={titleOf(column, value, room, text, source)}
            tabIndex={activeColumn === place ? 0 : -1}
            data-cell={`${index}:${place}`}
            data-pinned={stick !== null || undefined}
            data-marked={column.marked?.(row) || undefined}
            data-of-trial={source !== null || undefined}
            data-number={value instanceof JsonNumber || undefined}
            className={classes['cell']}
            style={cellStyle({ width, stick, gap })}
            onClick={menu ? (event) => onPick({ row, column, element: event.currentTarget }) : undefined}
          >
            {props.rowLink(row, column) ?? (
              <CellValue value={value} hostType={column.hostType} room={room} text={text} />
            )}
          </div>
        );
      })}
    </div>
  );
}

/** What a cell does not show of its value, and whose it is. */
function titleOf(
  column: GridColumn,
  value: JsonValue | undefined,
  room: number,
  text: string | undefined,
  source: string | null,
): string | undefined {
  const isShort =
    text !== undefined ||
    (column.hostType === null && value instanceof JsonNumber && cellText(value, room) !== value.text);
  const lines = [
    ...(isShort && value !== undefined ? [plainText(value, TITLE_LENGTH)] : []),
    ...(source === null ? [] : [`O${source.slice(1)}`]),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}
