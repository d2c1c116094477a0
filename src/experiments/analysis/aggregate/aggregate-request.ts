import {
  formatField,
  InvalidRequestError,
  readAll,
  readEach,
  type Field,
  type JsonValue,
} from '../../../metadata/index.js';
import { bodyOf, memberOf } from '../../body/body-of.js';
import { optional, readObject, required, type ReadValue } from '../../body/read-object.js';
import { wholeNumber } from '../../body/read-value.js';
import { TRIAL_COLUMNS } from '../../trial-columns.js';
import { distinct, readField, readList, readObjectAt } from '../read-list.js';
import { json, readTrialSet, TRIAL_SET_PROPERTIES, type TrialSet } from '../trial-set.js';
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
 * @throws InvalidRequestError naming all that is wrong
 */
export function parseAggregateBody(body: JsonValue | undefined): AggregateRequest {
  const given = bodyOf(body);
  const [{ trials, limit }, groups] = readAll(
    () => readTrialsAndLimit(given),
    () => parseGroups(given),
  );
  return { trials, ...groups, limit };
}

function readTrialsAndLimit(body: JsonValue): Pick<AggregateRequest, 'trials' | 'limit'> {
  const { trials, rest } = readTrialSet(body, () => readObject(body, PROPERTIES));
  return { trials, limit: rest.limit ?? MAX_GROUPS };
}

function parseGroups(body: JsonValue): Pick<AggregateRequest, 'groupBy' | 'measures' | 'sort'> {
  const [groupBy, measures] = readAll(
    () => {
      const fields = readList(memberOf(body, 'groupBy'), 'groupBy', MAX_GROUP_FIELDS, 'fields');
      return distinct(
        readEach(fields, (entry, index) => readField(entry, `groupBy[${index}]`)),
        formatField,
      );
    },
    () => {
      const numbers = readList(memberOf(body, 'measures'), 'measures', MAX_MEASURES, '{"field", "op"}');
      return distinct(
        readEach(numbers, (entry, index) => parseMeasure(entry, `measures[${index}]`)),
        measureName,
      );
    },
  );
  return { groupBy, measures, sort: parseGroupSort(memberOf(body, 'sort'), groupBy, measures) };
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
