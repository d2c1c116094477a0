import { formatField, sql, trustedSql, type Field, type Sql } from '../../../metadata/index.js';

/** The columns of a row that a measure is computed from. */
export interface MeasuredValue {
  /** The number as `numeric`; NULL where there is none. */
  readonly number: Sql;
  /** How many numbers the row's group has; only where {@link isQuantile}. */
  readonly count: Sql;
}

interface MeasureDefinition {
  /** What it tells of a group's numbers; goes into the documentation. */
  readonly meaning: string;
  readonly compile: (value: MeasuredValue) => Sql;
}

/**
 * What can be computed of the numbers of a group: the one source of the type, the accepted names and the SQL. All of it
 * is `numeric` arithmetic, which neither rounds large numbers nor overflows where a double would.
 */
export const MEASURE_OPS = {
  count: { meaning: 'how many numbers there are', compile: ({ number }) => sql`count(${number})` },
  min: { meaning: 'the smallest', compile: ({ number }) => sql`min(${number})` },
  max: { meaning: 'the largest', compile: ({ number }) => sql`max(${number})` },
  mean: { meaning: 'the arithmetic mean', compile: ({ number }) => sql`trim_scale(avg(${number}))` },
  p25: {
    meaning: 'the first quartile, linear between the two nearest numbers',
    compile: (value) => quantile(value, 25),
  },
  median: {
    meaning: 'the middle one; of an even number of them, the mean of the middle two',
    compile: (value) => quantile(value, 50),
  },
  p75: {
    meaning: 'the third quartile, linear between the two nearest numbers',
    compile: (value) => quantile(value, 75),
  },
  p95: {
    meaning: 'the 95th percentile, linear between the two nearest numbers',
    compile: (value) => quantile(value, 95),
  },
  stddev: {
    meaning: 'the standard deviation of a sample (n − 1); null for fewer than two',
    compile: ({ number }) => sql`trim_scale(stddev_samp(${number}))`,
  },
} as const satisfies Record<string, MeasureDefinition>;

export type MeasureOp = keyof typeof MEASURE_OPS;

const QUANTILES: ReadonlySet<MeasureOp> = new Set(['p25', 'median', 'p75', 'p95']);

/** A number to compute for every group. */
export interface Measure {
  readonly field: Field;
  readonly op: MeasureOp;
}

export function isMeasureOp(name: unknown): name is MeasureOp {
  return typeof name === 'string' && Object.hasOwn(MEASURE_OPS, name);
}

/** Whether it looks for numbers by their rank, for which the number of them must be known before. */
export function isQuantile({ op }: Measure): boolean {
  return QUANTILES.has(op);
}

/** What an answer calls it, e.g. `median(metadata.runtime_seconds)`. */
export function measureName({ field, op }: Measure): string {
  return `${op}(${formatField(field)})`;
}

/**
 * The value that `percent` of the numbers do not exceed, linear between the two nearest. percentile_cont does the same
 * in double precision only; percentile_disc finds the two numbers as they are. It takes the first number whose rank is
 * at least fraction × count: half a rank less keeps rounding harmless.
 */
function quantile({ number, count }: MeasuredValue, percent: 25 | 50 | 75 | 95): Sql {
  const hundredths = sql`(${trustedSql(String(percent))} * (${count} - 1))`;
  const lower = sql`(${hundredths} / 100 + 1)`;
  const upper = sql`((${hundredths} + 99) / 100 + 1)`;
  const two = sql`percentile_disc(ARRAY[(${lower} - 0.5) / nullif(${count}, 0), (${upper} - 0.5) / nullif(${count}, 0)]::float8[]) WITHIN GROUP (ORDER BY ${number})`;
  return sql`trim_scale((${two})[1] + ((${two})[2] - (${two})[1]) * (${hundredths} % 100) * 0.01)`;
}
