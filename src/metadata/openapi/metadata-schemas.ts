import { CHANGE_SOURCES } from '../storage/change-source.js';
import { listOf, objectOf, ref, type Schema } from './open-api.js';
import { QUERY_SCHEMAS } from './query-schemas.js';

const TIME: Schema = { type: 'string', format: 'date-time', description: 'ISO 8601 in UTC.' };
const COUNT: Schema = { type: 'integer', minimum: 0 };

/** The shapes of the plugin's requests and answers. */
export const METADATA_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...QUERY_SCHEMAS,
  JsonValue: { description: 'Any JSON value. Numbers keep every digit.' },
  Metadata: {
    type: 'object',
    additionalProperties: ref('JsonValue'),
    description: 'The metadata of one trial: any JSON object within the limits of GET /metadata/limits.',
  },
  TrialId: {
    type: ['integer', 'string'],
    description: 'What identifies a trial: a number, or the text of a uuid where the host has such ids.',
  },
  MetadataRecord: objectOf({
    trialId: ref('TrialId'),
    metadata: ref('Metadata'),
    revision: { ...COUNT, description: '0 while nothing was ever reported.' },
    updatedAt: { ...TIME, type: ['string', 'null'] },
    updatedBy: { type: ['string', 'null'] },
  }),
  Revision: objectOf({
    revision: COUNT,
    updatedAt: TIME,
    updatedBy: { type: ['string', 'null'] },
    source: { type: 'string', enum: CHANGE_SOURCES },
    changes: listOf(ref('RevisionChange')),
  }),
  KnownField: objectOf({
    field: ref('Field'),
    path: { type: 'string', description: 'The field without `metadata.` in front.' },
    types: {
      type: 'object',
      additionalProperties: COUNT,
      description: 'In how many trials it holds a null, boolean, number, string, array or object.',
    },
    trials: COUNT,
  }),
  FieldValue: objectOf({ value: ref('JsonValue'), count: COUNT }),
  Limits: {
    type: 'object',
    additionalProperties: COUNT,
    description:
      'Limits of one document (documentBytes, depth, leafValues, keyBytes, stringBytes, arrayElements) and of requests.',
  },
  Problem: {
    ...objectOf(
      {
        type: { type: 'string' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string', description: 'What is wrong, where, and what to do.' },
        code: { type: 'string' },
        errors: listOf(
          objectOf(
            {
              path: { type: 'string', description: 'The place in the request.' },
              code: { type: 'string' },
              message: { type: 'string' },
              limit: { type: 'number' },
              actual: { type: 'number' },
            },
            ['limit', 'actual'],
          ),
        ),
        currentRevision: { type: 'integer' },
        changedKeys: listOf({ type: 'string' }),
      },
      ['currentRevision', 'changedKeys'],
    ),
    description: 'Problem details as of RFC 9457.',
  },
};
