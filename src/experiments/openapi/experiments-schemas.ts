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
  additionalProperties: ref('JsonValue'),
};

/** `count`, a field of `groupBy`, or a measure by the name that it has in the answer. */
const GROUP_SORT_KEY: Schema = {
  ...objectOf(
    {
      field: {
        ...TEXT,
        description: '`count`, one of `groupBy`, or a measure such as `median(metadata.runtime_seconds)`.',
      },
      direction: { type: 'string', enum: ['asc', 'desc'], default: 'asc' },
    },
    ['direction'],
  ),
  additionalProperties: false,
};
const OP: Schema = { type: 'string', enum: Object.keys(MEASURE_OPS) };

const NUMBER: Schema = {
  type: ['integer', 'null'],
  description: 'Number of the trial in its experiment, where it has one.',
};
const DURATION: Schema = { type: ['number', 'null'], description: 'Seconds from start to end.' };
const LABELS: Schema = listOf(TEXT);

/** What an item of a trial has unless `fields` asks for other members. */
const TRIAL_FIELDS = {
  experimentName: TEXT,
  state: STATE,
  startTime: TIME_OR_NULL,
  endTime: TIME_OR_NULL,
  metadata: ref('Metadata'),
  number: asked(NUMBER),
  archived: asked(FLAG),
  duration: asked(DURATION),
  experimentDescription: asked(TEXT),
  experimentLabels: asked(LABELS),
  experimentState: asked(STATE),
  experimentArchived: asked(FLAG),
  experimentStartTime: asked(TIME_OR_NULL),
  experimentEndTime: asked(TIME_OR_NULL),
  projectName: asked(TEXT),
};

const EXPERIMENT_FIELDS = {
  name: TEXT,
  state: STATE,
  startTime: TIME_OR_NULL,
  description: asked(TEXT),
  labels: asked(LABELS),
  archived: asked(FLAG),
  endTime: asked(TIME_OR_NULL),
  projectName: asked(TEXT),
};

/** A member that an item has only when `fields` names it. */
function asked(schema: Schema): Schema {
  const description = 'Only when `fields` asks for it.';
  return { ...schema, description: [schema.description, description].filter(Boolean).join(' ') };
}

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
  Experiment: objectOf({ ...RUN, name: TEXT, projectId: ID, description: TEXT, labels: LABELS }),
  CreateExperiment: {
    ...objectOf({ name: TEXT, projectId: ID, description: TEXT, labels: LABELS }, ['description', 'labels']),
    additionalProperties: false,
  },
  ChangeExperiment: anyOfThese({ name: TEXT, description: TEXT, labels: LABELS, ...CHANGE_RUN }),
  Trial: objectOf({
    ...RUN,
    number: NUMBER,
    experimentId: ID,
    experimentName: TEXT,
    projectId: ID,
    duration: DURATION,
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
      code: {
        type: 'string',
        enum: ['unknown_field', 'other_type', 'other_text', 'bounds_reversed', 'condition'],
        description:
          '`unknown_field`: no trial has the field; `other_type`: it holds the value in another type, or none of the type; `other_text`: the value is a part of texts that it holds; `bounds_reversed`: the lower bound is above the upper one.',
      },
      message: TEXT,
      alternatives: listOf(ref('Condition')),
    }),
    description: 'Why nothing matches, condition by condition.',
  },
  TrialItem: objectOf(
    { id: ID, experimentId: ID, projectId: ID, ...TRIAL_FIELDS },
    Object.keys(TRIAL_FIELDS),
  ),
  ExperimentItem: objectOf(
    {
      id: ID,
      projectId: ID,
      ...EXPERIMENT_FIELDS,
      trialCount: COUNT,
      matchingTrials: COUNT,
      trial: { anyOf: [ref('TrialItem'), { type: 'null' }], description: 'The best matching trial.' },
    },
    Object.keys(EXPERIMENT_FIELDS),
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
    sort: {
      ...listOf(GROUP_SORT_KEY),
      maxItems: 5,
      description: 'The largest groups first when there is none.',
    },
    limit: { type: 'integer', minimum: 1, maximum: 1000 },
  }),
};
