import { formatCount } from '../grid/format.js';
import { JsonNumber } from '../shared/metadata.js';
import { drawable, groupName, reader } from './chart-values.js';
import { drawnNote } from './drawn-note.js';
import type { ChartRows } from './use-chart-rows.js';

/** More lines than this only make a blot. */
const MAX_LINES = 500;

export interface ParallelLine {
  /** Of the trial. */
  readonly id: number;
  /** Where the line meets each axis. */
  readonly values: readonly (number | string | null)[];
}

export interface ParallelLines {
  readonly lines: readonly ParallelLine[];
  /** Whether an axis is of numbers; the others are of names. */
  readonly numeric: readonly boolean[];
  /** How many trials are drawn, and how many are not and why. */
  readonly notes: readonly string[];
}

/** The lines of the trials that have a place on all axes. */
export function parallelLines(read: ChartRows, axes: readonly string[]): ParallelLines {
  const readers = axes.map(reader);
  const numeric = readers.map((valueOf) =>
    read.rows.every((row) => valueOf(row) === undefined || valueOf(row) instanceof JsonNumber),
  );
  const whole = read.rows.filter((row) => readers.every((valueOf) => valueOf(row) !== undefined));
  const placed = whole
    .map((row) => ({
      id: row.id,
      values: readers.map((valueOf, axis) =>
        numeric[axis] === true ? drawable(valueOf(row)) : groupName(valueOf(row)),
      ),
    }))
    .filter(({ values }) => !values.includes(null));
  const lines = spread(placed);
  const note = drawnNote(lines.length, read, [
    [read.rows.length - whole.length, 'without a value at each of the fields'],
    [whole.length - placed.length, 'with a number too large to draw'],
    [placed.length - lines.length, `since more than ${MAX_LINES} lines only make a blot`],
  ]);
  return {
    lines,
    numeric,
    notes:
      lines.length < placed.length
        ? [
            note,
            `The lines are spread evenly over the ${formatCount(placed.length)} trials that have a place on all axes.`,
          ]
        : [note],
  };
}

/** As many as are drawn, taken evenly. */
function spread<Row>(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MAX_LINES) return rows;
  return Array.from(
    { length: MAX_LINES },
    (_, index) => rows[Math.floor((index * rows.length) / MAX_LINES)],
  ).filter((row) => row !== undefined);
}
