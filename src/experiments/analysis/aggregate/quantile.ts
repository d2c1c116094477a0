import { bind, sql, trustedSql, type Sql } from '../../../metadata/index.js';

/** In hundredths; see {@link quantile}. */
export type Percent = 25 | 50 | 75 | 95;

/** Powers of two beyond the numbers that a group can have. */
const STEPS = 32;
/**
 * Keeps a rank that is a whole number from becoming the next one where the fraction, a double, is a little too large. Less than the
 * hundredth part of a rank, for up to a billion numbers.
 */
const SLIGHTLY_LESS = 1e-12;

/**
 * The value that `percent` of the numbers of a group do not exceed, linear between the two nearest; `numeric`, as the numbers
 * are. percentile_cont does the same in double precision only.
 *
 * Of n numbers the two nearest are those of the ranks i + 1 and i + 2, where (n − 1) · percent / 100 = i + rest / 100.
 * percentile_disc gives the number of rank n · fraction, rounded up, of which percent / 100 gives one of the two: the lower
 * if rest + percent is 100 at most, as it is for every n up to the median. The other one needs a fraction that is up to a
 * rank more (or less), and how much that is depends on n, which no fraction may. So numbers are taken at every power of two
 * around it, and the one is chosen that fits: n / 2^k lies in the upper half of what may be added (or taken off) for one k.
 * Counting the numbers before, by a window, took as long again as all the rest.
 */
export function quantile(number: Sql, percent: Percent): Sql {
  const count = sql`count(${number})`;
  const hundredths = sql`${trustedSql(String(percent))} * (${count} - 1)`;
  const rest = sql`((${hundredths}) % 100)`;
  const found = sql`(percentile_disc(${FRACTIONS[percent]}::float8[]) WITHIN GROUP (ORDER BY ${number}))`;
  // How many ranks the fraction percent / 100 is behind rank i; more than one leads to rank i + 2.
  const behind = sql`((${rest} + ${trustedSql(String(percent))}) * 0.01::float8)`;
  const isUpper = percent <= 50 ? sql`false` : sql`${rest} + ${trustedSql(String(percent))} > 100`;
  const above = sql`${found}[2 + ${stepsTo(count, sql`(1.995 - ${behind})`)}]`;
  const below = sql`${found}[${trustedSql(String(2 + STEPS))} + ${stepsTo(count, sql`(${behind} - 0.005)`)}]`;
  const lower = sql`CASE WHEN ${isUpper} THEN ${below} ELSE ${found}[1] END`;
  const upper = sql`CASE WHEN ${rest} = 0 OR ${isUpper} THEN ${found}[1] ELSE ${above} END`;
  return sql`trim_scale(${lower} + (${upper} - ${lower}) * ${rest} * 0.01)`;
}

/** The least k with count / 2^k ≤ most. */
function stepsTo(count: Sql, most: Sql): Sql {
  return sql`greatest(0, ceil(ln(nullif(${count}, 0) / ${most}) / ln(2::float8)))::integer`;
}

/** The fraction itself, those above it and, beyond the median, those below; the further first. As texts, which keep every digit. */
function fractionsAround(percent: Percent): Sql {
  const fraction = percent / 100 - SLIGHTLY_LESS;
  const distances = Array.from({ length: STEPS }, (_, step) => 2 ** -step);
  const above = distances.map((distance) => Math.min(1, fraction + distance));
  const below = percent <= 50 ? [] : distances.map((distance) => Math.max(0, fraction - distance));
  return bind([fraction, ...above, ...below].map(String), 'text[]');
}

/** Made once: the same parameter wherever it stands, so that PostgreSQL sorts the numbers once. */
const FRACTIONS: Readonly<Record<Percent, Sql>> = {
  25: fractionsAround(25),
  50: fractionsAround(50),
  75: fractionsAround(75),
  95: fractionsAround(95),
};
