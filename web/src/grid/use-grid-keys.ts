import type { FocusEvent, KeyboardEvent, RefObject } from 'react';

/** A cell by its place; row -1 is the header. */
export interface ActiveCell {
  readonly row: number;
  readonly column: number;
}

interface GridKeysOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  /** The cell that the keyboard was in last. */
  readonly active: ActiveCell;
  readonly onActive: (cell: ActiveCell) => void;
  readonly rowCount: number;
  readonly columnCount: number;
  /** Brings a row into view, and so into the document. */
  readonly showRow: (index: number) => void;
  /** Brings a column into view, likewise. */
  readonly showColumn: (place: number) => void;
}

interface GridKeys {
  readonly active: ActiveCell;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
}

const PAGE = 15;

/**
 * Moves the focus between the cells of a grid as the ARIA pattern has it: the grid is one stop for Tab, arrows go on
 * from there. A cell says where it is by `data-cell="row:column"`.
 */
export function useGridKeys(options: GridKeysOptions): GridKeys {
  const { scroller, onActive, rowCount, columnCount, showRow, showColumn } = options;
  const active = {
    row: Math.min(options.active.row, rowCount - 1),
    column: Math.min(options.active.column, columnCount - 1),
  };

  const focusCell = (cell: ActiveCell): void => {
    onActive(cell);
    if (cell.row >= 0) showRow(cell.row);
    showColumn(cell.column);
    focusSoon(scroller.current, `[data-cell="${cell.row}:${cell.column}"]`);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // The event may come from a menu's portal, which is a child only in React's eyes.
    if (!(event.target instanceof HTMLElement) || event.target.dataset['cell'] === undefined) return;
    const target = move(active, event, rowCount, columnCount);
    if (target !== null) {
      event.preventDefault();
      focusCell(target);
    } else if (
      (event.key === 'Enter' || event.key === ' ') &&
      active.row >= 0 &&
      event.target.dataset['press'] !== 'own'
    ) {
      event.preventDefault();
      if (event.key === 'Enter') event.target.click();
      else event.currentTarget.querySelector<HTMLElement>(`[data-select="${active.row}"]`)?.click();
    }
  };

  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    // A button or a link within a cell, too: the cell stays in the document while it has the focus.
    const cell = event.target.closest<HTMLElement>('[role=gridcell], [role=columnheader]');
    const marked =
      cell?.dataset['cell'] === undefined ? cell?.querySelector<HTMLElement>('[data-cell]') : cell;
    const [row, column] = marked?.dataset['cell']?.split(':').map(Number) ?? [];
    if (row === undefined || column === undefined || (row === active.row && column === active.column)) return;
    onActive({ row, column });
  };

  return { active, onKeyDown, onFocus };
}

function move(
  from: ActiveCell,
  event: KeyboardEvent,
  rowCount: number,
  columnCount: number,
): ActiveCell | null {
  const last = rowCount - 1;
  const to = (row: number, column: number): ActiveCell => ({
    row: Math.max(-1, Math.min(row, last)),
    column: Math.max(0, Math.min(column, columnCount - 1)),
  });
  switch (event.key) {
    case 'ArrowDown':
      return event.altKey ? null : to(from.row + 1, from.column);
    case 'ArrowUp':
      return to(from.row - 1, from.column);
    case 'ArrowLeft':
      return to(from.row, from.column - 1);
    case 'ArrowRight':
      return to(from.row, from.column + 1);
    case 'PageDown':
      return to(from.row + PAGE, from.column);
    case 'PageUp':
      return to(from.row - PAGE, from.column);
    case 'Home':
      return event.ctrlKey ? to(-1, 0) : to(from.row, 0);
    case 'End':
      return event.ctrlKey ? to(last, columnCount - 1) : to(from.row, columnCount - 1);
    default:
      return null;
  }
}

/** Focuses an element once it is there: a row or column that was out of view takes a frame or two to be drawn. */
function focusSoon(within: HTMLElement | null, selector: string, frames = 12): void {
  const element = within?.querySelector<HTMLElement>(selector);
  if (element) {
    element.focus({ preventScroll: false });
    return;
  }
  if (frames > 0) requestAnimationFrame(() => focusSoon(within, selector, frames - 1));
}
