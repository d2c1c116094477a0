import {
  operation,
  pageParameters,
  queryParameter,
  ref,
  type OpenApiFragment,
  type OpenApiParameter,
} from '../../metadata/index.js';

const A100 = { field: 'metadata.hardware.gpu', operator: 'is', value: 'NVIDIA A100' };

/** The parameters by which a query string selects trials. */
export const QUERY_STRING_FILTER: readonly OpenApiParameter[] = [
  {
    ...queryParameter(
      'metadata.hardware.gpu',
      'A condition on any field: `metadata.<path>[operator]=value`, or without an operator `is`. Values have no type here: `is`, `in` and `contains` also take the number, boolean or null whose JSON text it is.',
    ),
    example: 'NVIDIA A100',
  },
  queryParameter('filter', 'A filter as JSON, which must hold as well.'),
  queryParameter(
    'sort',
    'Fields separated by commas; `-` in front for descending, `:number` or `:text` behind to compare so.',
  ),
  queryParameter('fields', 'Fields separated by commas: only these, beside the ids.'),
  queryParameter('projectId', 'Only this project.', { type: 'integer' }),
  queryParameter('archived', 'Take archived ones in.', { type: 'boolean', default: false }),
];

const PAGE: readonly OpenApiParameter[] = [
  ...pageParameters(200, 40),
  queryParameter('offset', 'Items to pass over.', { type: 'integer', minimum: 0, default: 0 }),
  queryParameter('count', 'How far to count: `capped` to 10,000.', {
    type: 'string',
    enum: ['capped', 'exact', 'none'],
    default: 'capped',
  }),
];

function search(what: 'Trials' | 'Experiments', page: string, description: string) {
  const answer = { description: 'One page; when nothing matches, `hints` says why.', schema: ref(page) };
  return {
    byBody: operation({
      id: `search${what}`,
      tag: 'search',
      summary: `Find ${what.toLowerCase()} by metadata and columns`,
      description,
      body: {
        schema: ref('SearchRequest'),
        examples: {
          slowestOnOneGpu: {
            filter: A100,
            sort: [{ field: 'metadata.runtime_seconds', direction: 'desc' }],
            fields: ['metadata.runtime_seconds', 'trial.state'],
            limit: 5,
          },
          nestedGroups: {
            filter: {
              and: [
                { or: [A100, { field: 'metadata.hardware.gpu', operator: 'contains', value: 'h100' }] },
                { not: { field: 'metadata.converged', operator: 'is', value: false } },
                { field: 'trial.state', operator: 'in', value: ['COMPLETED', 'RUNNING'] },
              ],
            },
          },
          everything: {},
        },
      },
      answer,
      errors: [400, 413, 415, 503],
    }),
    byQuery: operation({
      id: `list${what}`,
      tag: 'search',
      summary: `Find ${what.toLowerCase()}, the same in the query string`,
      parameters: [...QUERY_STRING_FILTER, ...PAGE],
      answer,
      errors: [400, 503],
    }),
  };
}

const trials = search('Trials', 'TrialPage', 'Ordered by `sort`, ties by id.');
const experiments = search(
  'Experiments',
  'ExperimentPage',
  'An experiment matches when one of its trials meets the whole filter, and sorts by its best matching trial, which is its `trial`. A filter on experiment and project columns alone needs no trial.',
);

/** Searching trials and experiments. */
export const SEARCH_PATHS: OpenApiFragment['paths'] = {
  '/trials/search': { post: trials.byBody },
  '/trials': { get: trials.byQuery },
  '/experiments/search': { post: experiments.byBody },
};

/** `GET /experiments`, which shares its path with the making of experiments. */
export const LIST_EXPERIMENTS = experiments.byQuery;
