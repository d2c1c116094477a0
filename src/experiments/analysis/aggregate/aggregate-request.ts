import { formatField, InvalidRequestError, type Field, type JsonValue } from '../../../metadata/index.js';
import { optional, readObject, required, type ReadValue } from '../../body/read-object.js';
import { wholeNumber } from '../../body/read-value.js';
import { TRIAL_COLUMNS } from '../../trial-columns.js';
import { distinct, readField, readList, readObjectAt } from '../read-list.js';
import { bodyOf, json, TRIAL_SET_PROPERTIES, trialSetOf, type TrialSet } from '../trial-set.js';
import { parseGroupSort, type GroupSort } from './group-sort.js';
import { isMeasureOp, MEASURE_OPS, measureName, type Measure, type MeasureOp } from './measure.js';

export const MAX_GROUPS = 1_000;
const MAX_GROUP_FIELDS = 3;
const MAX_MEASURES = 20;

/** Groups of trials and what to compute of each, parsed. */
export interface AggregateRequest {
  readonly trials: TrialSet;
  /** The fields whose values make the groups; none: one group of all. */
  readonly groupBy: readonly Field[];
  readonly measures: readonly Measure[];
  readonly sort: GroupSort;
  readonly limit: number;
}

const PROPERTIES = {
  ...TRIAL_SET_PROPERTIES,
  groupBy: optional(json),
  measures: optional(json),
  sort: optional(json),
  limit: optional(wholeNumber(1, MAX_GROUPS)),
};

const measureOp: ReadValue<MeasureOp> = (value, refuse) =>
  isMeasureOp(value)
    ? value
    : refuse({ code: 'unknown_op', message: `Accepted: ${Object.keys(MEASURE_OPS).join(', ')}.` });

const MEASURE = { field: required(json), op: required(measureOp) };

/**
 * Reads the body of an aggregation.
 * @throws InvalidRequestError naming what is wrong
 */
export function parseAggregateBody(body: JsonValue | undefined): AggregateRequest {
  const request = readObject(bodyOf(body), PROPERTIES);
  const fields = readList(request.groupBy, 'groupBy', MAX_GROUP_FIELDS, 'fields');
  const groupBy = distinct(
    fields.map((entry, index) => readField(entry, `groupBy[${index}]`)),
    formatField,
  );
  const numbers = readList(request.measures, 'measures', MAX_MEASURES, '{"field", "op"}');
  const measures = distinct(
    numbers.map((entry, index) => parseMeasure(entry, `measures[${index}]`)),
    measureName,
  );
  return {
    trials: trialSetOf(request),
    groupBy,
    measures,
    sort: parseGroupSort(request.sort, groupBy, measures),
    limit: request.limit ?? MAX_GROUPS,
  };
}

function parseMeasure(input: JsonValue, at: string): Measure {
  const measure = readObjectAt(input, MEASURE, at);
  const field = readField(measure.field, `${at}.field`);
  if (field.kind === 'metadata' || isNumeric(field.column)) return { field, op: measure.op };
  const columns = [...TRIAL_COLUMNS.values()].filter(isNumeric).map(({ name }) => name);
  const message = `${field.column.name} holds no numbers. Measure metadata.<path>, or one of ${columns.join(', ')}.`;
  throw InvalidRequestError.at(`${at}.field`, 'field_not_numeric', message);
}

function isNumeric({ type }: { readonly type: string }): boolean {
  return type === 'integer' || type === 'number';
}
