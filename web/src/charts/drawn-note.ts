import { formatCount, formatCountOf } from '../grid/format.js';
import type { ChartRows } from './use-chart-rows.js';

/** So many trials are left out, and why; none, and nothing is said. */
export type LeftOut = readonly [count: number, why: string];

/** How many trials of those that were read are drawn, and how many are not and why. */
export function drawnNote(drawn: number, { rows, total }: ChartRows, left: readonly LeftOut[]): string {
  const all = formatCountOf(rows.length, 'trial');
  const more = total !== null && (total.relation === 'gte' || total.value > rows.length);
  const some = more ? `the first ${all}; narrow the filter to see others` : all;
  const reasons = left.flatMap(([count, why]) => (count > 0 ? [`${formatCount(count)} ${why}`] : []));
  return `Drawn: ${formatCount(drawn)} of ${some}.${reasons.length === 0 ? '' : ` Left out: ${reasons.join('; ')}.`}`;
}
