import { MAX_GROUPS, type MeasureOp, type TrialGroup, type TrialGroups } from '../api/aggregate.js';
import { formatCount, formatCountOf } from '../grid/format.js';
import { compareNumbers } from '../shared/metadata.js';
import type { Box } from './boxplot-option.js';
import { drawable, groupName, groupValue, numbersOf } from './chart-values.js';

/** As many boxes are drawn, of the groups with the most numbers; the table has them all. */
const MAX_BOXES = 40;

export interface GroupBox extends Box {
  readonly group: TrialGroup;
}

export interface GroupBoxes {
  /** In the order of {@link byMedian}. */
  readonly boxes: readonly GroupBox[];
  /** Whether the axis is logarithmic. */
  readonly log: boolean;
  /** What is not drawn and why. */
  readonly notes: readonly string[];
}

/** What a box plot draws of the groups, on a logarithmic axis where that has a place for all of it. */
export function groupBoxes({ groups, truncated }: TrialGroups, by: string, log: boolean): GroupBoxes {
  const numeric = groups.filter((group) => numbersOf(group) > 0);
  const all = numeric.flatMap((group) => boxOf(group, by) ?? []).sort((a, b) => b.count - a.count);
  const boxes = all.slice(0, MAX_BOXES).sort((a, b) => byMedian(a.group, b.group));
  const below = boxes.filter(({ numbers }) => numbers[0] <= 0).length;
  const skipped = groups.reduce((sum, group) => sum + group.skipped, 0);
  const notes: readonly (readonly [number, string])[] = [
    [
      truncated ? 1 : 0,
      `These are the ${MAX_GROUPS} groups with the most trials. Narrow the filter to see others.`,
    ],
    [
      all.length - boxes.length,
      `Drawn are ${MAX_BOXES} of ${formatCount(all.length)} groups, those with the most numbers; the table has them all.`,
    ],
    [
      numeric.length - all.length,
      `${formatCountOf(numeric.length - all.length, 'group has', 'groups have')} numbers too large to draw.`,
    ],
    [
      groups.length - numeric.length,
      `${formatCountOf(groups.length - numeric.length, 'group has', 'groups have')} no numbers: in the table alone.`,
    ],
    [
      skipped,
      `${formatCountOf(skipped, 'value is no number', 'values are no numbers')} and left out of the measures.`,
    ],
    [
      log ? below : 0,
      `The axis stays linear: ${formatCountOf(below, 'group has', 'groups have')} values of 0 or less, for which a logarithmic one has no place.`,
    ],
  ];
  return {
    boxes,
    log: log && below === 0,
    notes: notes.flatMap(([count, note]) => (count > 0 ? [note] : [])),
  };
}

/** Null where a number is too large to be drawn. */
function boxOf(group: TrialGroup, by: string): GroupBox | null {
  const at = (op: MeasureOp): number => drawable(group.values.get(op)) ?? Number.NaN;
  const numbers = [at('min'), at('p25'), at('median'), at('p75'), at('max')] as const;
  if (!numbers.every(Number.isFinite)) return null;
  return { group, name: groupName(groupValue(group, by)), count: numbersOf(group), numbers, p95: at('p95') };
}

/** Groups without numbers come last. */
export function byMedian(a: TrialGroup, b: TrialGroup): number {
  const [first, second] = [a.values.get('median') ?? null, b.values.get('median') ?? null];
  if (first === null || second === null) return Number(first === null) - Number(second === null);
  return compareNumbers(first, second);
}
