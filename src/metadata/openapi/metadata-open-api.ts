import {
  idParameter,
  listOf,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  queryParameter,
  ref,
  type OpenApiFragment,
  type OpenApiParameter,
} from './open-api.js';
import { CHANGE_SCHEMAS, changePaths } from './change-paths.js';
import { INDEX_SCHEMAS, indexPaths } from './index-paths.js';
import { METADATA_SCHEMAS } from './metadata-schemas.js';

const TAG = 'metadata';
const TRIAL: OpenApiParameter = { ...idParameter('trialId', 'trial'), schema: ref('TrialId') };
const IF_MATCH: OpenApiParameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'Write only if the trial is at this revision, e.g. `"3"`.',
  schema: { type: 'string' },
};
const IF_NONE_MATCH: OpenApiParameter = {
  ...IF_MATCH,
  name: 'If-None-Match',
  description: 'Answer 304 without a body if the trial is at this revision.',
};
const PROJECT = queryParameter('projectId', 'Only trials of this project.', { type: 'integer' });
const WRITE_ERRORS: readonly number[] = [400, 403, 404, 412, 413, 415, 503];
const RECORD = {
  description: 'The metadata as it is now.',
  schema: ref('MetadataRecord'),
  headers: { ETag: { description: 'The revision, quoted.', schema: { type: 'string' } } },
};

const metadataBody = (example: object) => ({
  schema: { ...objectOf({ metadata: ref('Metadata') }), additionalProperties: false },
  examples: { hardware: { metadata: example } },
});

/** The routes of the plugin. */
export const metadataOpenApi: OpenApiFragment = {
  tags: [{ name: TAG, description: 'The metadata of trials, and the fields that are known.' }],
  schemas: { ...METADATA_SCHEMAS, ...INDEX_SCHEMAS, ...CHANGE_SCHEMAS },
  paths: {
    ...indexPaths(TAG),
    ...changePaths(TAG),
    '/trials/{trialId}/metadata': {
      get: operation({
        id: 'getMetadata',
        tag: TAG,
        summary: 'Read the metadata of a trial',
        parameters: [
          TRIAL,
          queryParameter('revision', 'As of this revision.', { type: 'integer' }),
          IF_NONE_MATCH,
        ],
        answer: { ...RECORD, description: 'The metadata; {} at revision 0 when nothing was ever reported.' },
        errors: [400, 404, 503],
      }),
      post: operation({
        id: 'reportMetadata',
        tag: TAG,
        summary: 'Report: each top-level key given replaces that key',
        description:
          'The other keys stay. One atomic statement: reporters of different keys never lose each other’s.',
        parameters: [TRIAL, IF_MATCH],
        body: metadataBody({ hardware: { gpu: 'NVIDIA A100', cpu: 'Intel Xeon' }, runtime_seconds: 3600 }),
        answer: RECORD,
        errors: WRITE_ERRORS,
      }),
      put: operation({
        id: 'setMetadata',
        tag: TAG,
        summary: 'Set: replace the whole document',
        parameters: [TRIAL, IF_MATCH],
        body: metadataBody({ dataset_version: 'MNIST-v1.0', preprocessing: 'normalization' }),
        answer: RECORD,
        errors: WRITE_ERRORS,
      }),
      patch: operation({
        id: 'patchMetadata',
        tag: TAG,
        summary: 'Merge in depth; null deletes (RFC 7396)',
        description:
          'As `application/merge-patch+json` the body is the patch itself; as `application/json` it is `{"metadata": patch}`, like that of a report.',
        parameters: [TRIAL, IF_MATCH],
        body: [
          {
            schema: ref('Metadata'),
            types: ['application/merge-patch+json'],
            examples: { removeOneField: { hardware: { cpu: null, ram: '64GB' } } },
          },
          metadataBody({ hardware: { cpu: null, ram: '64GB' } }),
        ],
        answer: RECORD,
        errors: WRITE_ERRORS,
      }),
      delete: operation({
        id: 'clearMetadata',
        tag: TAG,
        summary: 'Clear the metadata',
        parameters: [TRIAL, IF_MATCH],
        answer: RECORD,
        errors: [400, 403, 404, 412, 503],
      }),
    },
    '/trials/{trialId}/metadata/history': {
      get: operation({
        id: 'getMetadataHistory',
        tag: TAG,
        summary: 'Who changed which fields, when, from what to what',
        parameters: [TRIAL, ...pageParameters(200, 40)],
        answer: { description: 'The revisions, newest first.', schema: pageOf(ref('Revision')) },
        errors: [400, 404, 503],
      }),
    },
    '/trials/{trialId}/metadata/revert': {
      post: operation({
        id: 'revertMetadata',
        tag: TAG,
        summary: 'Make a new revision equal to an earlier one',
        parameters: [TRIAL, IF_MATCH],
        body: {
          schema: { ...objectOf({ revision: { type: 'integer', minimum: 0 } }), additionalProperties: false },
          examples: { toTheFirst: { revision: 1 } },
        },
        answer: RECORD,
        errors: WRITE_ERRORS,
      }),
    },
    '/metadata/batch': {
      post: operation({
        id: 'reportBatch',
        tag: TAG,
        summary: 'Up to 1,000 reports in one transaction: all or none',
        body: {
          schema: {
            ...objectOf({
              reports: {
                ...listOf(objectOf({ trialId: ref('TrialId'), metadata: ref('Metadata') })),
                maxItems: 1000,
              },
            }),
            additionalProperties: false,
          },
          examples: {
            two: {
              reports: [
                { trialId: 1, metadata: { checked: true } },
                { trialId: 2, metadata: { checked: false } },
              ],
            },
          },
        },
        answer: {
          description: 'The metadata after each report.',
          schema: objectOf({ reports: listOf(ref('MetadataRecord')) }),
        },
        errors: [400, 403, 404, 413, 415, 503],
      }),
    },
    '/metadata/limits': {
      get: operation({
        id: 'getMetadataLimits',
        tag: TAG,
        summary: 'How large metadata may be',
        answer: { description: 'The limits.', schema: ref('Limits') },
        errors: [],
      }),
    },
    '/metadata/fields': {
      get: operation({
        id: 'listFields',
        tag: TAG,
        summary: 'The known fields: path, types, in how many trials',
        parameters: [
          PROJECT,
          queryParameter('q', 'Part of the path, ignoring case.'),
          queryParameter('order', 'By name, or the most common first.', {
            type: 'string',
            enum: ['path', 'trials'],
            default: 'path',
          }),
          ...pageParameters(1000, 200),
        ],
        answer: { description: 'The fields in the order asked for.', schema: pageOf(ref('KnownField')) },
        errors: [400, 503],
      }),
    },
    '/metadata/values': {
      get: operation({
        id: 'listValues',
        tag: TAG,
        summary: 'The values of a field with counts, the most frequent first',
        description:
          'Takes conditions in the query string as GET /trials does; only trials that meet them are counted.',
        parameters: [
          {
            ...queryParameter('field', 'The field.', ref('Field')),
            required: true,
            example: 'metadata.hardware.gpu',
          },
          PROJECT,
          queryParameter('filter', 'A filter as JSON.'),
          queryParameter('q', 'Part of the value, ignoring case.'),
          ...pageParameters(200, 40),
        ],
        answer: { description: 'The values.', schema: pageOf(ref('FieldValue')) },
        errors: [400, 503],
      }),
    },
  },
};
