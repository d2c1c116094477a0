import { Injectable } from '@nestjs/common';
import { bind, InvalidRequestError, sql, TrialNotFoundError } from '../../../metadata/index.js';
import type { TrialItem } from '../../search/trial-items.js';
import { VisibleTrials, type TrialReading } from '../visible-trials.js';
import { baselineNotCompared, MAX_COMPARED_TRIALS, type CompareRequest } from './compare-request.js';
import { compareValues, type ComparedField } from './compare-values.js';
import type { FieldsOf } from './compared-fields.js';
import { readComparedTrials } from './read-compared-trials.js';
import { summarizeFields, type Summary } from './summarize-fields.js';

/** Trials side by side. */
export interface Comparison extends FieldsOf<ComparedField> {
  /** In the order asked for; by id when a filter selected them. */
  readonly trials: readonly TrialItem[];
  readonly baseline?: number;
}

/** The answer to a comparison: value by value, or counted. */
export type CompareAnswer = Comparison | { readonly summary: Summary };

/** Compares trials. */
@Injectable()
export class CompareService {
  constructor(private readonly trials: VisibleTrials) {}

  /**
   * Compares up to 200 trials field by field; more of them, or when asked to, by the number of values of each field.
   * @throws TrialNotFoundError for an id that the user may not see; InvalidRequestError for a baseline that is not
   * among the trials; DatabaseBusyError after the statement timeout
   */
  async compare(request: CompareRequest, user: unknown): Promise<CompareAnswer> {
    return this.trials.read(user, request.trials, async (reading) => {
      const ids = await findIds(request, reading);
      if (request.summary || ids.length > MAX_COMPARED_TRIALS) {
        if (request.baseline !== undefined) throw tooManyForBaseline();
        return { summary: await summarizeFields(request, reading) };
      }
      return compareTrials(ids, request, reading);
    });
  }
}

/** The trials to compare, one more than can be at most. */
async function findIds(
  { trials }: CompareRequest,
  { run, matching }: TrialReading,
): Promise<readonly string[]> {
  const { from, where } = matching();
  const limit = bind(MAX_COMPARED_TRIALS + 1, 'bigint');
  const rows = await run<{ id: string }>(
    sql`SELECT "trial"."id" AS id FROM ${from} WHERE ${where} ORDER BY "trial"."id" LIMIT ${limit}`,
  );
  const found = rows.map((row) => row.id);
  const asked = trials.trialIds?.map(String);
  const unknown = asked?.find((id) => !found.includes(id));
  if (unknown !== undefined) throw new TrialNotFoundError(unknown);
  return asked ?? found;
}

async function compareTrials(
  ids: readonly string[],
  request: CompareRequest,
  reading: TrialReading,
): Promise<Comparison> {
  const { baseline, onlyDifferences, fields } = request;
  if (baseline !== undefined && !ids.includes(String(baseline))) throw baselineNotCompared(baseline);
  const columns = fields.columns === 'default' ? [] : fields.columns;
  const { items, trials } = await readComparedTrials(ids, columns, fields.metadata, reading);
  const paths = typeof fields.metadata === 'string' ? [] : fields.metadata;
  const compared = compareValues(trials, { columns, paths, baseline, onlyDifferences });
  return { trials: items, ...(baseline === undefined ? {} : { baseline }), ...compared };
}

function tooManyForBaseline(): InvalidRequestError {
  const message = `Against a baseline at most ${MAX_COMPARED_TRIALS} trials are compared, and more match. Narrow the filter, or leave "baseline" out for a summary.`;
  return new InvalidRequestError([
    { path: 'baseline', code: 'too_many_trials', message, limit: MAX_COMPARED_TRIALS },
  ]);
}
