import {
  idParameter,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  queryParameter,
  ref,
  type OpenApiFragment,
} from '../../metadata/index.js';
import { VIEW_TABLES } from '../views/index.js';

const PROJECT = idParameter('projectId', 'project');
const PARAMETERS = [PROJECT, idParameter('viewId', 'view')];
const VIEW = objectOf({ view: ref('View') });
const SEARCH = {
  filter: { field: 'metadata.hardware.gpu', operator: 'is', value: 'NVIDIA A100' },
  sort: [{ field: 'metadata.runtime_seconds', direction: 'asc' }],
  fields: ['trial.id', 'metadata.hardware.gpu', 'metadata.runtime_seconds'],
};

/** The views that a project keeps. */
export const VIEW_PATHS: OpenApiFragment['paths'] = {
  '/projects/{projectId}/views': {
    post: operation({
      id: 'createView',
      tag: 'projects',
      summary: 'Keep a search under a name',
      description:
        'Everybody who may see the project may open it. A name is unique among the views of one project and table.',
      parameters: [PROJECT],
      body: {
        schema: ref('CreateView'),
        examples: { fastestOnOneGpu: { name: 'Fastest on A100', table: 'trials', search: SEARCH } },
      },
      answer: {
        status: 201,
        description: 'The new view.',
        schema: VIEW,
        headers: { Location: { description: 'Where it is.', schema: { type: 'string' } } },
      },
      errors: [400, 403, 404, 409, 413, 415, 503],
    }),
    get: operation({
      id: 'listViews',
      tag: 'projects',
      summary: 'The views of the project',
      parameters: [
        PROJECT,
        queryParameter('table', 'Only views of this table.', { type: 'string', enum: VIEW_TABLES }),
        ...pageParameters(200, 40),
      ],
      answer: { description: 'By id.', schema: pageOf(ref('View')) },
      errors: [400, 404, 503],
    }),
  },
  '/projects/{projectId}/views/{viewId}': {
    get: operation({
      id: 'getView',
      tag: 'projects',
      summary: 'Read the view',
      parameters: PARAMETERS,
      answer: { description: 'The view.', schema: VIEW },
      errors: [400, 404, 503],
    }),
    patch: operation({
      id: 'changeView',
      tag: 'projects',
      summary: 'Change the name or the search of the view; a member not given stays',
      parameters: PARAMETERS,
      body: {
        schema: ref('ChangeView'),
        examples: { rename: { name: 'Fastest on one A100' }, newSearch: { search: SEARCH } },
        types: ['application/json', 'application/merge-patch+json'],
      },
      answer: { description: 'The view after the change.', schema: VIEW },
      errors: [400, 403, 404, 409, 413, 415, 503],
    }),
    delete: operation({
      id: 'deleteView',
      tag: 'projects',
      summary: 'Delete the view',
      parameters: PARAMETERS,
      answer: { status: 204, description: 'It is gone.' },
      errors: [400, 403, 404, 503],
    }),
  },
};
