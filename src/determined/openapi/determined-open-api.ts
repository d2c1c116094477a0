import {
  idParameter,
  listOf,
  objectOf,
  operation,
  ref,
  type OpenApiFragment,
  type OpenApiOperation,
  type Schema,
} from '../../metadata/index.js';

const TAG = 'determined';
const ROW: Schema = { type: 'object', additionalProperties: true };
const COUNT: Schema = { type: 'integer' };
const METADATA: Schema = { type: 'object', additionalProperties: true };

/** Errors in Determined's shape instead of problem details. */
function withDeterminedErrors(described: OpenApiOperation, statuses: readonly number[]): OpenApiOperation {
  const error: Schema = {
    description: 'An error.',
    content: { 'application/json': { schema: ref('DeterminedError') } },
  };
  const errors = Object.fromEntries(statuses.map((status) => [status, error]));
  return { ...described, responses: { ...described.responses, ...errors } };
}

const runMetadata = objectOf({ metadata: METADATA });

const FILTER = JSON.stringify({
  filterGroup: {
    kind: 'group',
    conjunction: 'and',
    children: [
      {
        kind: 'field',
        columnName: 'metadata.hardware.gpu',
        location: 'LOCATION_TYPE_RUN_METADATA',
        type: 'COLUMN_TYPE_TEXT',
        operator: 'contains',
        value: 'A100',
      },
    ],
  },
  showArchived: false,
});

/** The routes of Determined's clients. */
export const determinedOpenApi: OpenApiFragment = {
  tags: [
    { name: TAG, description: "What Determined's own clients call, in its wire format. A run is a trial." },
  ],
  schemas: {
    DeterminedError: objectOf({
      error: objectOf({
        code: { type: 'integer', description: 'The code of gRPC.' },
        reason: { type: 'string' },
        error: { type: 'string', description: 'What is wrong.' },
      }),
    }),
    FlatRun: { type: 'object', additionalProperties: true },
    ProjectColumn: objectOf({
      column: { type: 'string' },
      location: { type: 'string' },
      type: { type: 'string' },
      displayName: { type: 'string' },
    }),
  },
  paths: {
    '/runs/{runId}/metadata': {
      get: withDeterminedErrors(
        operation({
          id: 'getRunMetadata',
          tag: TAG,
          summary: 'Read the metadata of a run',
          parameters: [idParameter('runId', 'run')],
          answer: { description: '`{}` when nothing was set.', schema: runMetadata },
          errors: [],
        }),
        [400, 401, 404],
      ),
      post: withDeterminedErrors(
        operation({
          id: 'setRunMetadata',
          tag: TAG,
          summary: 'Replace the metadata of a run',
          description: "Within Determined's limits. Empty, null or absent `metadata` clears it.",
          parameters: [idParameter('runId', 'run')],
          body: {
            schema: objectOf({ metadata: METADATA, runId: { type: 'integer' } }, ['metadata', 'runId']),
            examples: { hardware: { metadata: { hardware: { gpu: 'NVIDIA A100' } }, runId: 1 } },
          },
          answer: { description: 'What is stored now.', schema: runMetadata },
          errors: [],
        }),
        [400, 401, 403, 404, 413],
      ),
    },
    '/runs': {
      post: withDeterminedErrors(
        operation({
          id: 'searchRuns',
          tag: TAG,
          summary: 'Find runs by metadata and columns',
          description: '`filter` is a string that holds JSON; `limit` 0 is 100, -1 all, -2 none.',
          body: {
            schema: objectOf(
              {
                projectId: { type: 'integer' },
                offset: { type: 'integer' },
                limit: { type: 'integer', minimum: -2 },
                sort: { type: 'string' },
                filter: { type: 'string' },
              },
              ['projectId', 'offset', 'limit', 'sort', 'filter'],
            ),
            examples: {
              contains: { filter: FILTER, sort: 'metadata.runtime_seconds=desc,id=asc', limit: 10 },
            },
          },
          answer: {
            description: 'Runs, and what part of all they are.',
            schema: objectOf({
              runs: listOf(ref('FlatRun')),
              pagination: objectOf(
                Object.fromEntries(
                  ['offset', 'limit', 'startIndex', 'endIndex', 'total'].map((name) => [
                    name,
                    { type: 'integer' },
                  ]),
                ),
              ),
            }),
          },
          errors: [],
        }),
        [400, 401, 404],
      ),
    },
    '/import/determined': {
      post: operation({
        id: 'importDetermined',
        tag: 'import',
        summary: 'Take in rows of a Determined database, with their ids',
        description:
          'Up to 2,000 of a kind at once, each kind in one transaction; `npm run import:determined` sends them. A row whose id belongs to something else here is refused, and the others go in.',
        body: {
          schema: objectOf({ projects: listOf(ROW), experiments: listOf(ROW), runs: listOf(ROW) }, [
            'projects',
            'experiments',
            'runs',
          ]),
          examples: {
            project: {
              projects: [
                {
                  id: 9001,
                  name: 'Vision',
                  description: '',
                  archived: false,
                  createdAt: '2024-05-01T00:00:00Z',
                },
              ],
            },
          },
        },
        answer: {
          description: 'What became of the rows.',
          schema: objectOf({
            created: COUNT,
            updated: COUNT,
            unchanged: COUNT,
            refused: listOf(objectOf({ kind: { type: 'string' }, id: COUNT, reason: { type: 'string' } })),
          }),
        },
        errors: [400, 403, 413, 415, 503],
      }),
    },
    '/projects/{projectId}/columns': {
      get: withDeterminedErrors(
        operation({
          id: 'listRunColumns',
          tag: TAG,
          summary: 'List the columns of runs, those of metadata last',
          parameters: [idParameter('projectId', 'project')],
          answer: {
            description: 'All columns.',
            schema: objectOf({ columns: listOf(ref('ProjectColumn')) }),
          },
          errors: [],
        }),
        [400, 401, 404],
      ),
    },
    '/projects/{projectId}/metadata/{key}': {
      get: withDeterminedErrors(
        operation({
          id: 'listRunMetadataValues',
          tag: TAG,
          summary: 'List the texts of a key of metadata',
          parameters: [
            idParameter('projectId', 'project'),
            {
              name: 'key',
              in: 'path',
              required: true,
              description: 'The flat key, segments joined by dots.',
              schema: { type: 'string' },
              example: 'hardware.gpu',
            },
          ],
          answer: {
            description: 'Distinct, ascending.',
            schema: objectOf({ values: listOf({ type: 'string' }) }),
          },
          errors: [],
        }),
        [400, 401, 404],
      ),
    },
  },
};
