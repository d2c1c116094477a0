import {
  idParameter,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  ref,
  type OpenApiFragment,
  type OpenApiOperation,
} from '../../metadata/index.js';
import { LIST_EXPERIMENTS } from './search-paths.js';

type Resource = 'project' | 'experiment' | 'trial';

const PATCH_TYPES: readonly string[] = ['application/json', 'application/merge-patch+json'];
const LOCATION = { Location: { description: 'Where it is.', schema: { type: 'string' } } };

const capital = (name: Resource) => name.charAt(0).toUpperCase() + name.slice(1);

/** `{"project": {…}}` */
const wrapped = (name: Resource) => objectOf({ [name]: ref(capital(name)) });

function create(name: Resource, example: object, parent?: Resource): OpenApiOperation {
  return operation({
    id: `create${capital(name)}`,
    tag: `${name}s`,
    summary: `Make ${name === 'experiment' ? 'an' : 'a'} ${name}`,
    ...(parent === undefined ? {} : { parameters: [idParameter(`${parent}Id`, parent)] }),
    body: { schema: ref(`Create${capital(name)}`), examples: { new: example } },
    answer: { status: 201, description: `The new ${name}.`, schema: wrapped(name), headers: LOCATION },
    errors: [400, 403, 404, 409, 413, 415, 503],
  });
}

/** GET, PATCH and DELETE of one. */
function one(name: Resource, example: object) {
  const parameters = [idParameter(`${name}Id`, name)];
  return {
    get: operation({
      id: `get${capital(name)}`,
      tag: `${name}s`,
      summary: `Read the ${name}`,
      parameters,
      answer: { description: `The ${name}.`, schema: wrapped(name) },
      errors: [400, 404, 503],
    }),
    patch: operation({
      id: `change${capital(name)}`,
      tag: `${name}s`,
      summary: `Change the ${name}; members not given stay`,
      parameters,
      body: { schema: ref(`Change${capital(name)}`), examples: { change: example }, types: PATCH_TYPES },
      answer: { description: `The ${name} after the change.`, schema: wrapped(name) },
      errors: [400, 403, 404, 409, 413, 415, 503],
    }),
    delete: operation({
      id: `delete${capital(name)}`,
      tag: `${name}s`,
      summary: `Delete the ${name} and all below it, metadata too`,
      parameters,
      answer: { status: 204, description: 'It is gone.' },
      errors: [400, 403, 404, 503],
    }),
  };
}

/** Projects, experiments and trials one by one. */
export const RESOURCE_PATHS: OpenApiFragment['paths'] = {
  '/projects': {
    post: create('project', { name: 'Vision' }),
    get: operation({
      id: 'listProjects',
      tag: 'projects',
      summary: 'The projects that you may see',
      parameters: pageParameters(200, 40),
      answer: { description: 'By id.', schema: pageOf(ref('Project')) },
      errors: [400, 503],
    }),
  },
  '/projects/{projectId}': one('project', { description: 'All about images.' }),
  '/experiments': {
    get: LIST_EXPERIMENTS,
    post: create('experiment', { projectId: 1, name: 'MNIST', labels: ['baseline'] }),
  },
  '/experiments/{experimentId}': one('experiment', { state: 'COMPLETED' }),
  '/experiments/{experimentId}/trials': { post: create('trial', { state: 'RUNNING' }, 'experiment') },
  '/trials/{trialId}': one('trial', { state: 'COMPLETED', endTime: '2026-01-05T09:00:00Z' }),
};
