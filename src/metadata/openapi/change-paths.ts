import { CHANGE_SOURCES } from '../storage/change-source.js';
import { listOf, objectOf, operation, queryParameter, ref, type OpenApiFragment } from './open-api.js';

/** The schemas of the list of changes. */
export const CHANGE_SCHEMAS: OpenApiFragment['schemas'] = {
  RevisionChange: {
    ...objectOf({ field: { type: 'string' }, before: ref('JsonValue'), after: ref('JsonValue') }, [
      'before',
      'after',
    ]),
    description: 'A field that came has no `before`, one that went no `after`.',
  },
  TrialChange: objectOf(
    {
      trialId: ref('TrialId'),
      revision: { type: 'integer', minimum: 1 },
      updatedAt: { type: 'string', format: 'date-time', description: 'ISO 8601 in UTC.' },
      updatedBy: { type: ['string', 'null'] },
      source: { type: ['string', 'null'], enum: [...CHANGE_SOURCES, null] },
      changes: {
        anyOf: [listOf(ref('RevisionChange')), { type: 'null' }],
        description: 'As in the history; null when `missing` says why.',
      },
      missing: {
        type: 'string',
        enum: ['trial_deleted', 'revision_forgotten'],
        description:
          'Why only trial and revision are known: the trial was deleted, or the history no longer holds it.',
      },
    },
    ['missing'],
  ),
};

/** The route of the list of changes. */
export function changePaths(tag: string): OpenApiFragment['paths'] {
  return {
    '/metadata/changes': {
      get: operation({
        id: 'listChanges',
        tag,
        summary: 'Follow all changes: every revision once, those of a trial in their order',
        description:
          'Ask again and again with `next` of the answer before; with no items, after a moment. A change is listed when no transaction that began before its end can add another in front of it.',
        parameters: [
          queryParameter('limit', 'Items an answer.', {
            type: 'integer',
            minimum: 1,
            maximum: 200,
            default: 40,
          }),
          queryParameter(
            'after',
            '`next` of the answer before; `latest` for a cursor of now without items; absent: from the oldest change that is kept.',
          ),
        ],
        answer: {
          description: 'The changes that you may see, oldest first.',
          schema: objectOf({
            items: listOf(ref('TrialChange')),
            next: { type: 'string', description: 'The cursor for what comes next; there always is one.' },
          }),
        },
        errors: [400, 404, 410, 503],
      }),
    },
  };
}
