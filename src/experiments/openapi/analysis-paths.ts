import { operation, queryParameter, ref, type OpenApiFragment } from '../../metadata/index.js';
import { QUERY_STRING_FILTER } from './search-paths.js';

const NDJSON = 'application/x-ndjson';

/** Comparing, aggregating, exporting and importing trials. */
export const ANALYSIS_PATHS: OpenApiFragment['paths'] = {
  '/trials/compare': {
    post: operation({
      id: 'compareTrials',
      tag: 'analysis',
      summary: 'Field by field: the value of each trial, and whether they differ',
      description:
        'Up to 200 trials by id or by filter; a larger set is summarized: which fields vary, with how many distinct values each. Missing, null and "" are three things.',
      body: {
        schema: { $ref: '#/components/schemas/CompareRequest' },
        examples: {
          byId: { trialIds: [1, 2, 3], onlyDifferences: true, baseline: 1 },
          wholeSet: { filter: { field: 'trial.state', operator: 'is', value: 'COMPLETED' }, summary: true },
        },
      },
      answer: { description: 'The fields, or their summary.', schema: ref('CompareAnswer') },
      errors: [400, 404, 413, 415, 503],
    }),
  },
  '/trials/aggregate': {
    post: operation({
      id: 'aggregateTrials',
      tag: 'analysis',
      summary: 'Statistics of numeric fields by group',
      description:
        'Groups by up to three fields; trials without the key are a group that is named. Each group carries the filter that selects just its trials.',
      body: {
        schema: { $ref: '#/components/schemas/AggregateRequest' },
        examples: {
          runtimeByGpu: {
            groupBy: ['metadata.hardware.gpu'],
            measures: [
              { field: 'metadata.runtime_seconds', op: 'median' },
              { field: 'metadata.runtime_seconds', op: 'p95' },
            ],
          },
        },
      },
      answer: { description: 'The groups, the largest first.', schema: ref('AggregateAnswer') },
      errors: [400, 413, 415, 503],
    }),
  },
  '/trials/export': {
    get: operation({
      id: 'exportTrials',
      tag: 'analysis',
      summary: 'Every matching trial as CSV or JSON Lines, streamed',
      parameters: [
        {
          ...queryParameter('format', 'The format.', { type: 'string', enum: ['csv', 'jsonl'] }),
          required: true,
          example: 'csv',
        },
        ...QUERY_STRING_FILTER,
      ],
      answer: { description: 'The file.', schema: { type: 'string' }, types: ['text/csv', NDJSON] },
      errors: [400, 503],
    }),
  },
  '/import': {
    post: operation({
      id: 'importTrials',
      tag: 'import',
      summary: 'Projects, experiments and trials with metadata, a line each',
      description:
        'Lines that are wrong are answered by number, the rest goes in. Running it twice changes nothing.',
      body: {
        schema: { type: 'string' },
        types: [NDJSON],
        examples: {
          oneTrial:
            '{"project": "Imported", "experiment": "MNIST", "trial": 1, "state": "COMPLETED", "metadata": {"gpu": "A100"}}\n',
        },
      },
      answer: {
        description: 'Refused lines, progress, and at last the counts, a line each.',
        schema: { type: 'string' },
        types: [NDJSON],
      },
      errors: [400, 413, 415, 503],
    }),
  },
};
