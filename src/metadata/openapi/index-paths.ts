import { INDEX_ADVISOR_MODES } from '../indexes/index-advice.js';
import { INDEX_KINDS } from '../indexes/index-target.js';
import { listOf, objectOf, operation, ref, type OpenApiFragment, type OpenApiParameter } from './open-api.js';

const FIELD: OpenApiParameter = {
  name: 'field',
  in: 'path',
  required: true,
  description: 'The field, with or without `metadata.` in front, e.g. `hardware.count`.',
  schema: { type: 'string' },
};

const KIND_SCHEMA = {
  type: 'string',
  enum: INDEX_KINDS,
  description:
    '`values`: serves sorts by the field and comparisons with bounds; `texts`: `contains` and `startsWith`.',
} as const;

const KIND: OpenApiParameter = {
  name: 'kind',
  in: 'query',
  required: false,
  description: 'Of what: `values`, by default, or `texts`.',
  schema: { type: 'string', enum: INDEX_KINDS, default: 'values' },
};

/** The schema of an index. */
export const INDEX_SCHEMAS: OpenApiFragment['schemas'] = {
  FieldIndex: objectOf(
    {
      field: { type: 'string' },
      kind: KIND_SCHEMA,
      state: {
        type: 'string',
        enum: ['building', 'ready', 'failed'],
        description: '`failed`: the building was broken off. Ask for the index again to start anew.',
      },
      progress: { type: 'number', description: 'How far the building is, from 0 to 1.' },
      bytes: { type: 'integer', description: 'Size on disk.' },
      uses: { type: 'integer', description: 'Scans that used it.' },
      madeBy: {
        type: 'string',
        enum: ['administrator', 'advisor'],
        description: 'Only what the advisor made is dropped by it. Known once the index is ready.',
      },
    },
    ['progress'],
  ),
  IndexProposal: objectOf({
    field: { type: 'string' },
    kind: KIND_SCHEMA,
    searches: {
      type: 'integer',
      description: 'Searches by the field within a day that this process remembers.',
    },
    slow: { type: 'integer', description: 'Those of them that were slow.' },
    medianMs: { type: 'number' },
    p95Ms: { type: 'number' },
    reason: { type: 'string' },
    request: { type: 'string', description: "What makes the index, below the API's prefix." },
  }),
};

/** The routes of indexes. */
export function indexPaths(tag: string): OpenApiFragment['paths'] {
  return {
    '/metadata/indexes': {
      get: operation({
        id: 'listFieldIndexes',
        tag,
        summary: 'The indexes of fields, with size and use',
        description:
          'And, unless the index advisor is off, the indexes that would pay by the searches that this process has seen.',
        answer: {
          description: 'The indexes.',
          schema: objectOf({
            indexes: listOf(ref('FieldIndex')),
            advisor: { type: 'string', enum: INDEX_ADVISOR_MODES },
            proposals: listOf(ref('IndexProposal')),
          }),
        },
        errors: [403, 503],
      }),
    },
    '/metadata/indexes/{field}': {
      put: operation({
        id: 'createFieldIndex',
        tag,
        summary: 'Build the index of a field, in the background',
        description:
          'That of its values serves sorts by the field and comparisons with bounds, that of its texts `contains` and `startsWith`, for what the index on the texts of all fields does not find: two letters, numbers, other scripts, words that are common in other fields. Writers are not kept waiting. Asked for again, it tells how far the building is.',
        parameters: [FIELD, KIND],
        answer: { status: 202, description: 'The index.', schema: objectOf({ index: ref('FieldIndex') }) },
        errors: [400, 403, 409, 503],
      }),
      delete: operation({
        id: 'dropFieldIndex',
        tag,
        summary: 'Drop the index of a field',
        parameters: [FIELD, KIND],
        answer: { status: 204, description: 'There is none now.' },
        errors: [400, 403, 503],
      }),
    },
  };
}
