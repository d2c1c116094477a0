import { listOf, NEXT, objectOf, ref, type Schema } from '../../metadata/index.js';
import { MEASURE_OPS } from '../analysis/aggregate/measure.js';
import { TRIAL_STATES } from '../entities/trial-state.js';
import { VIEW_TABLES } from '../views/index.js';

const ID: Schema = { type: 'integer', minimum: 1 };
const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const FLAG: Schema = { type: 'boolean' };
const STATE: Schema = { type: 'string', enum: TRIAL_STATES };
const TIME: Schema = { type: 'string', format: 'date-time' };
const TIME_OR_NULL: Schema = { type: ['string', 'null'], format: 'date-time' };
const RUN = { id: ID, state: STATE, archived: FLAG, startTime: TIME_OR_NULL, endTime: TIME_OR_NULL };
const CHANGE_RUN = { state: STATE, archived: FLAG, startTime: TIME_OR_NULL, endTime: TIME_OR_NULL };
const SCOPE = {
  projectId: { ...ID, description: 'Only this project.' },
  filter: ref('Filter'),
  archived: { ...FLAG, default: false, description: 'Take archived trials and experiments in.' },
};
const FIELDS: Schema = {
  ...listOf(TEXT),
  description:
    'Only these fields, beside the ids: `metadata.<path>`, `metadata`, `trial.state` …; an empty list: ids alone.',
};

/** An object none of whose members must be there, and no other may. */
function anyOfThese(members: Readonly<Record<string, Schema>>): Schema {
  return { ...objectOf(members, Object.keys(members)), additionalProperties: false };
}

const VIEW_TABLE: Schema = { type: 'string', enum: VIEW_TABLES };
const VIEW_SEARCH: Schema = {
  type: 'object',
  description:
    '`filter`, `sort` and `fields` as in a search; any other member is kept as it is. At most 64 KiB of JSON.',
  properties: { filter: ref('Filter'), sort: listOf(ref('SortKey')), fields: FIELDS },
};

const OP: Schema = { type: 'string', enum: Object.keys(MEASURE_OPS) };

/** The shapes of the requests and answers about projects, experiments and trials. */
export const EXPERIMENTS_SCHEMAS: Readonly<Record<string, Schema>> = {
  Project: objectOf({ id: ID, name: TEXT, description: TEXT, archived: FLAG, createdAt: TIME }),
  CreateProject: {
    ...objectOf({ name: TEXT, description: TEXT }, ['description']),
    additionalProperties: false,
  },
  ChangeProject: anyOfThese({ name: TEXT, description: TEXT, archived: FLAG }),
  View: objectOf({
    id: ID,
    projectId: ID,
    table: VIEW_TABLE,
    name: TEXT,
    search: VIEW_SEARCH,
    createdAt: TIME,
    updatedAt: TIME,
    updatedBy: { type: ['string', 'null'], description: 'Who wrote it last.' },
  }),
  CreateView: {
    ...objectOf({ name: TEXT, table: VIEW_TABLE, search: VIEW_SEARCH }),
    additionalProperties: false,
  },
  ChangeView: anyOfThese({ name: TEXT, search: VIEW_SEARCH }),
  Experiment: objectOf({ ...RUN, name: TEXT, projectId: ID, description: TEXT, labels: listOf(TEXT) }),
  CreateExperiment: {
    ...objectOf({ name: TEXT, projectId: ID, description: TEXT, labels: listOf(TEXT) }, [
      'description',
      'labels',
    ]),
    additionalProperties: false,
  },
  ChangeExperiment: anyOfThese({ name: TEXT, description: TEXT, labels: listOf(TEXT), ...CHANGE_RUN }),
  Trial: objectOf({
    ...RUN,
    number: {
      type: ['integer', 'null'],
      description: 'Number of the trial in its experiment, where it has one.',
    },
    experimentId: ID,
    experimentName: TEXT,
    projectId: ID,
    duration: { type: ['number', 'null'], description: 'Seconds from start to end.' },
    metadata: ref('Metadata'),
  }),
  CreateTrial: anyOfThese({ number: COUNT, state: STATE, startTime: TIME }),
  ChangeTrial: anyOfThese(CHANGE_RUN),
  SearchRequest: anyOfThese({
    ...SCOPE,
    sort: { ...listOf(ref('SortKey')), maxItems: 5 },
    fields: FIELDS,
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 40 },
    after: { ...TEXT, description: '`next` of the page before, with the same filter and sort.' },
    offset: { ...COUNT, default: 0 },
    count: {
      type: 'string',
      enum: ['capped', 'exact', 'none'],
      default: 'capped',
      description: '`capped` counts to 10,000.',
    },
  }),
  Total: objectOf({ value: COUNT, relation: { type: 'string', enum: ['eq', 'gte'] } }),
  Hint: {
    ...objectOf({
      condition: ref('Condition'),
      matches: { ...ref('Total') },
      code: { type: 'string', enum: ['unknown_field', 'other_type', 'condition'] },
      message: TEXT,
      alternatives: listOf(ref('Condition')),
    }),
    description: 'Why nothing matches, condition by condition.',
  },
  TrialItem: objectOf(
    {
      id: ID,
      experimentId: ID,
      projectId: ID,
      experimentName: TEXT,
      state: STATE,
      startTime: TIME_OR_NULL,
      endTime: TIME_OR_NULL,
      metadata: ref('Metadata'),
    },
    ['experimentName', 'state', 'startTime', 'endTime', 'metadata'],
  ),
  ExperimentItem: objectOf(
    {
      id: ID,
      projectId: ID,
      name: TEXT,
      state: STATE,
      startTime: TIME_OR_NULL,
      trialCount: COUNT,
      matchingTrials: COUNT,
      trial: { anyOf: [ref('TrialItem'), { type: 'null' }], description: 'The best matching trial.' },
    },
    ['name', 'state', 'startTime'],
  ),
  TrialPage: objectOf(
    { items: listOf(ref('TrialItem')), total: ref('Total'), next: NEXT, hints: listOf(ref('Hint')) },
    ['total', 'hints'],
  ),
  ExperimentPage: objectOf(
    { items: listOf(ref('ExperimentItem')), total: ref('Total'), next: NEXT, hints: listOf(ref('Hint')) },
    ['total', 'hints'],
  ),
  CompareRequest: anyOfThese({
    trialIds: { ...listOf(ID), maxItems: 200 },
    ...SCOPE,
    baseline: { ...ID, description: 'Compare the values with those of this trial.' },
    onlyDifferences: { ...FLAG, default: false },
    fields: FIELDS,
    summary: { ...FLAG, default: false, description: 'Count values instead of listing them.' },
  }),
  AggregateRequest: anyOfThese({
    ...SCOPE,
    groupBy: { ...listOf(ref('Field')), maxItems: 3 },
    measures: { ...listOf(objectOf({ field: ref('Field'), op: OP })), maxItems: 20 },
    sort: { type: 'array' },
    limit: { type: 'integer', minimum: 1, maximum: 1000 },
  }),
};
