import { listOf, objectOf, ref, type Schema } from '../../metadata/index.js';

const COUNT: Schema = { type: 'integer', minimum: 0 };
const FLAG: Schema = { type: 'boolean' };
const TRUNCATED: Schema = { ...FLAG, description: 'Whether there are more than are listed.' };
const FIELD: Schema = { type: 'string', description: 'As a filter names it, e.g. `metadata.hardware.gpu`.' };

const COMPARED_VALUE: Schema = {
  ...objectOf(
    {
      trialId: { type: 'integer' },
      value: ref('JsonValue'),
      missing: { type: 'boolean', const: true },
      differs: { ...FLAG, description: 'With a baseline: whether it differs from the baseline’s.' },
    },
    ['value', 'missing', 'differs'],
  ),
  description: 'Either `value`, null counting as one, or `missing`.',
};

/** The answers of comparing and aggregating. */
export const ANALYSIS_SCHEMAS: Readonly<Record<string, Schema>> = {
  Comparison: objectOf(
    {
      trials: listOf(ref('TrialItem')),
      baseline: { type: 'integer' },
      fields: listOf(objectOf({ field: FIELD, differs: FLAG, values: listOf(COMPARED_VALUE) })),
      truncated: TRUNCATED,
    },
    ['baseline'],
  ),
  ComparisonSummary: objectOf({
    summary: objectOf({
      trials: COUNT,
      fields: listOf(
        objectOf({
          field: FIELD,
          differs: FLAG,
          trials: { ...COUNT, description: 'Trials that hold a value.' },
          missing: COUNT,
          distinct: COUNT,
          types: listOf({ type: 'string' }),
        }),
      ),
      truncated: TRUNCATED,
    }),
  }),
  CompareAnswer: { oneOf: [ref('Comparison'), ref('ComparisonSummary')] },
  TrialGroup: objectOf(
    {
      key: { type: 'object', additionalProperties: ref('JsonValue') },
      missing: { ...listOf(FIELD), description: 'The fields of the key that these trials do not have.' },
      count: COUNT,
      values: {
        type: 'object',
        additionalProperties: { type: ['number', 'null'] },
        description:
          'By name, e.g. `median(metadata.runtime_seconds)`; null where there are no numbers, or too few.',
      },
      skipped: {
        type: 'object',
        additionalProperties: COUNT,
        description: 'How many values of a measured field are no numbers and were left out.',
      },
      filter: { ...ref('Filter'), description: 'Selects just these trials; null when it would be too long.' },
    },
    ['missing', 'skipped'],
  ),
  AggregateAnswer: objectOf({ groups: listOf(ref('TrialGroup')), truncated: TRUNCATED }),
};
