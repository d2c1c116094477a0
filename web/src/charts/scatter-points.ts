import { JsonNumber } from '../shared/metadata.js';
import { drawable, groupName, reader } from './chart-values.js';
import { drawnNote } from './drawn-note.js';
import type { ChartRows } from './use-chart-rows.js';

export interface ScatterPoint {
  readonly point: readonly [number, number];
  /** Of the trial. */
  readonly id: number;
}

export interface ScatterPoints {
  /** The points by the name of their group, the largest first. */
  readonly groups: readonly (readonly [string, readonly ScatterPoint[]])[];
  readonly count: number;
  /** How many trials are drawn, and how many are not and why. */
  readonly note: string;
}

export interface ScatterFields {
  readonly x: string;
  readonly y: string;
  /** What colours the points. */
  readonly by: string | undefined;
  readonly log: boolean;
}

/** The points of the trials that have a place on both axes. */
export function scatterPoints(read: ChartRows, { x, y, by, log }: ScatterFields): ScatterPoints {
  const groups = new Map<string, ScatterPoint[]>();
  const [readX, readY] = [reader(x), reader(y)];
  const left = { missing: 0, large: 0, below: 0 };
  let count = 0;
  for (const row of read.rows) {
    const values = [readX(row), readY(row)];
    const [across = null, up = null] = values.map(drawable);
    if (!values.every((value) => value instanceof JsonNumber)) left.missing += 1;
    else if (across === null || up === null) left.large += 1;
    else if (log && Math.min(across, up) <= 0) left.below += 1;
    else {
      const name = by === undefined ? 'Trials' : groupName(reader(by)(row));
      const points = groups.get(name) ?? [];
      groups.set(name, points);
      points.push({ point: [across, up], id: row.id });
      count += 1;
    }
  }
  const note = drawnNote(count, read, [
    [left.missing, 'without a number at each of the fields'],
    [left.large, 'with a number too large to draw'],
    [left.below, 'with a value of 0 or less, for which a logarithmic axis has no place'],
  ]);
  return {
    groups: [...groups].sort((a, b) => b[1].length - a[1].length),
    count,
    note,
  };
}
