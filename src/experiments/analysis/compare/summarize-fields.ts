import { sql, type JsonType, type Projection } from '../../../metadata/index.js';
import type { TrialReading } from '../visible-trials.js';
import { MAX_FIELDS, type FieldsOf } from './compared-fields.js';
import { countColumnValues, countMetadataValues } from './count-values.js';

/** How a field varies over a set of trials. */
export interface FieldSummary {
  /** As a filter names it, e.g. `metadata.hardware.gpu`. */
  readonly field: string;
  /** Whether any two trials hold different values, or only some hold one. */
  readonly differs: boolean;
  /** How many trials hold a value, null counting as one. */
  readonly trials: number;
  /** How many do not. */
  readonly missing: number;
  /** The number of different values; those that are equal as JSON are one. */
  readonly distinct: number;
  readonly types: readonly JsonType[];
}

/** How many trials there are, and how their fields vary: those that differ first, each part in the order of paths. */
export interface Summary extends FieldsOf<FieldSummary> {
  readonly trials: number;
}

export interface SummaryOptions {
  readonly fields: Projection;
  readonly onlyDifferences: boolean;
}

/** Summarizes a set of any size; the database counts. */
export async function summarizeFields(
  { fields, onlyDifferences }: SummaryOptions,
  reading: TrialReading,
): Promise<Summary> {
  const { from, where } = reading.matching();
  const [row] = await reading.run<{ count: string }>(
    sql`SELECT count(*) AS count FROM ${from} WHERE ${where}`,
  );
  const trials = Number(row?.count ?? 0);
  const columns = fields.columns === 'default' ? [] : fields.columns;
  const counts = [
    ...(await countColumnValues(columns, reading)),
    ...(await countMetadataValues(fields.metadata, trials, reading)),
  ];
  const summaries = counts.map(({ field, holding, distinct, types }) => {
    const missing = trials - holding;
    const differs = distinct > 1 || (holding > 0 && missing > 0);
    return { field, differs, trials: holding, missing, distinct, types };
  });
  const differing = summaries.filter(({ differs }) => differs);
  const listed = onlyDifferences ? differing : [...differing, ...summaries.filter(({ differs }) => !differs)];
  return { trials, fields: listed.slice(0, MAX_FIELDS), truncated: listed.length > MAX_FIELDS };
}
