import { formatField, sql, type Field, type Sql } from '../../../metadata/index.js';
import { quantile } from './quantile.js';

interface MeasureDefinition {
  /** What it tells of a group's numbers; goes into the documentation. */
  readonly meaning: string;
  /** @param number the column that holds the number as `numeric`; NULL where there is none */
  readonly compile: (number: Sql) => Sql;
}

/**
 * What can be computed of the numbers of a group: the one source of the type, the accepted names and the SQL. All of it
 * is `numeric` arithmetic, which neither rounds large numbers nor overflows where a double would.
 */
export const MEASURE_OPS = {
  count: { meaning: 'how many numbers there are', compile: (number) => sql`count(${number})` },
  min: { meaning: 'the smallest', compile: (number) => sql`min(${number})` },
  max: { meaning: 'the largest', compile: (number) => sql`max(${number})` },
  mean: { meaning: 'the arithmetic mean', compile: (number) => sql`trim_scale(avg(${number}))` },
  p25: {
    meaning: 'the first quartile, linear between the two nearest numbers',
    compile: (number) => quantile(number, 25),
  },
  median: {
    meaning: 'the middle one; of an even number of them, the mean of the middle two',
    compile: (number) => quantile(number, 50),
  },
  p75: {
    meaning: 'the third quartile, linear between the two nearest numbers',
    compile: (number) => quantile(number, 75),
  },
  p95: {
    meaning: 'the 95th percentile, linear between the two nearest numbers',
    compile: (number) => quantile(number, 95),
  },
  stddev: {
    meaning: 'the standard deviation of a sample (n − 1); null for fewer than two',
    compile: (number) => sql`trim_scale(stddev_samp(${number}))`,
  },
} as const satisfies Record<string, MeasureDefinition>;

export type MeasureOp = keyof typeof MEASURE_OPS;

/** A number to compute for every group. */
export interface Measure {
  readonly field: Field;
  readonly op: MeasureOp;
}

export function isMeasureOp(name: unknown): name is MeasureOp {
  return typeof name === 'string' && Object.hasOwn(MEASURE_OPS, name);
}

/** What an answer calls it, e.g. `median(metadata.runtime_seconds)`. */
export function measureName({ field, op }: Measure): string {
  return `${op}(${formatField(field)})`;
}
