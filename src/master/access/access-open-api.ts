import {
  idParameter,
  listOf,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  ref,
  type OpenApiFragment,
  type Schema,
} from '../../metadata/index.js';
import { PROJECT_ROLES } from './project-role.js';

const TAG = 'users';
const USER_ID = idParameter('userId', 'user');
const TOKEN_ID = idParameter('tokenId', 'token');
const PROJECT_ID = idParameter('projectId', 'project');
const LOCATION = { Location: { description: 'Where it is.', schema: { type: 'string' } } };

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const id: Schema = { type: 'integer', minimum: 1 };
const time: Schema = { type: 'string', format: 'date-time' };
const timeOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const role: Schema = { type: 'string', enum: [...PROJECT_ROLES] };
const name: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  description: 'Letters, digits and " ._@+-".',
};
const password: Schema = { type: 'string', minLength: 8, maxLength: 1000 };
const expiresAt: Schema = { ...timeOrNull, description: 'A time yet to come. Null or absent: never.' };

const TOKEN_MEMBERS = {
  id,
  name: text,
  prefix: { ...text, description: 'How the token begins.' },
  session: { ...flag, description: 'Made by a sign-in with a password.' },
  createdAt: time,
  lastUsedAt: { ...timeOrNull, description: 'To the minute.' },
  expiresAt: timeOrNull,
  revokedAt: timeOrNull,
};

const SCHEMAS: OpenApiFragment['schemas'] = {
  User: objectOf({ id, name, administrator: flag, active: flag, hasPassword: flag, createdAt: time }),
  CreateUser: {
    ...objectOf({ name, administrator: flag, password }, ['administrator', 'password']),
    additionalProperties: false,
  },
  ChangeUser: {
    ...objectOf(
      { name, administrator: flag, active: flag, password: { ...password, type: ['string', 'null'] } },
      ['name', 'administrator', 'active', 'password'],
    ),
    additionalProperties: false,
  },
  Token: objectOf(TOKEN_MEMBERS),
  MadeToken: objectOf({
    ...TOKEN_MEMBERS,
    secret: { ...text, description: 'The token. It is shown this once, and kept nowhere.' },
  }),
  CreateToken: {
    ...objectOf({ name: { ...text, minLength: 1, maxLength: 200 }, expiresAt }, ['name', 'expiresAt']),
    additionalProperties: false,
  },
  RotateToken: { ...objectOf({ expiresAt }, ['expiresAt']), additionalProperties: false },
  Member: objectOf({ projectId: id, userId: id, userName: text, role }),
  PutMember: { ...objectOf({ role }), additionalProperties: false },
  Me: objectOf(
    {
      id,
      name: text,
      administrator: flag,
      projects: listOf(objectOf({ projectId: id, role })),
    },
    ['id', 'projects'],
  ),
};

const USER = objectOf({ user: ref('User') });
const MADE_TOKEN = objectOf({ token: ref('MadeToken') });
const MEMBER = objectOf({ member: ref('Member') });

const PATHS: OpenApiFragment['paths'] = {
  '/me': {
    get: operation({
      id: 'getMe',
      tag: TAG,
      summary: 'Who the token belongs to, and what he may do',
      answer: {
        description:
          'Without `id` for the administrator of ADMIN_TOKEN, without `projects` for any administrator.',
        schema: objectOf({ user: ref('Me') }),
      },
      errors: [503],
    }),
  },
  '/users': {
    post: operation({
      id: 'createUser',
      tag: TAG,
      summary: 'Create a user',
      description: 'For administrators.',
      body: { schema: ref('CreateUser'), examples: { ada: { name: 'ada' } } },
      answer: { status: 201, description: 'The new user.', schema: USER, headers: LOCATION },
      errors: [400, 403, 409, 413, 415, 503],
    }),
    get: operation({
      id: 'listUsers',
      tag: TAG,
      summary: 'The users',
      description: 'For administrators.',
      parameters: pageParameters(200, 40),
      answer: { description: 'By id.', schema: pageOf(ref('User')) },
      errors: [400, 403, 503],
    }),
  },
  '/users/{userId}': {
    get: operation({
      id: 'getUser',
      tag: TAG,
      summary: 'Read a user',
      description: 'For administrators, and for the user himself.',
      parameters: [USER_ID],
      answer: { description: 'The user.', schema: USER },
      errors: [400, 403, 404, 503],
    }),
    patch: operation({
      id: 'changeUser',
      tag: TAG,
      summary: 'Change a user; members not given stay',
      description:
        'For administrators. `"active": false` refuses his tokens and password. A new password, or null for none, ends what was signed in with the old one.',
      parameters: [USER_ID],
      body: {
        schema: ref('ChangeUser'),
        examples: { off: { active: false } },
        types: ['application/json', 'application/merge-patch+json'],
      },
      answer: { description: 'The user after the change.', schema: USER },
      errors: [400, 403, 404, 409, 413, 415, 503],
    }),
    delete: operation({
      id: 'deleteUser',
      tag: TAG,
      summary: 'Delete a user with his tokens and roles; histories keep his name',
      description: 'For administrators.',
      parameters: [USER_ID],
      answer: { status: 204, description: 'He is gone.' },
      errors: [400, 403, 404, 503],
    }),
  },
  '/users/{userId}/tokens': {
    post: operation({
      id: 'createToken',
      tag: TAG,
      summary: 'Make a token for a user',
      description: 'For administrators. `secret` is the token; it is shown this once.',
      parameters: [USER_ID],
      body: { schema: ref('CreateToken'), examples: { cluster: { name: 'training cluster' } } },
      answer: { status: 201, description: 'The new token.', schema: MADE_TOKEN },
      errors: [400, 403, 404, 413, 415, 503],
    }),
    get: operation({
      id: 'listTokens',
      tag: TAG,
      summary: 'The tokens of a user, revoked and expired ones too',
      description:
        'For administrators, and for the user himself. Tokens of sign-ins that count no more go with his next sign-in.',
      parameters: [USER_ID, ...pageParameters(200, 40)],
      answer: { description: 'By id.', schema: pageOf(ref('Token')) },
      errors: [400, 403, 404, 503],
    }),
  },
  '/users/{userId}/tokens/{tokenId}': {
    delete: operation({
      id: 'revokeToken',
      tag: TAG,
      summary: 'Revoke a token',
      description:
        'For administrators, and for the user himself. It counts no more at once, and stays in the list.',
      parameters: [USER_ID, TOKEN_ID],
      answer: { status: 204, description: 'It is revoked.' },
      errors: [400, 403, 404, 503],
    }),
  },
  '/users/{userId}/tokens/{tokenId}/rotate': {
    post: operation({
      id: 'rotateToken',
      tag: TAG,
      summary: 'Make a token in the place of another, and revoke that one',
      description: 'For administrators, and for the user himself.',
      parameters: [USER_ID, TOKEN_ID],
      body: { schema: ref('RotateToken'), examples: { forever: {} } },
      answer: { status: 201, description: 'The new token.', schema: MADE_TOKEN },
      errors: [400, 403, 404, 413, 415, 503],
    }),
  },
  '/projects/{projectId}/members': {
    get: operation({
      id: 'listMembers',
      tag: TAG,
      summary: 'Who has a role in the project',
      description: 'For administrators.',
      parameters: [PROJECT_ID, ...pageParameters(200, 40)],
      answer: { description: 'By the id of the user.', schema: pageOf(ref('Member')) },
      errors: [400, 403, 404, 503],
    }),
  },
  '/projects/{projectId}/members/{userId}': {
    put: operation({
      id: 'putMember',
      tag: TAG,
      summary: 'Give a user a role in the project',
      description: 'For administrators. It takes the place of a role that he has.',
      parameters: [PROJECT_ID, USER_ID],
      body: { schema: ref('PutMember'), examples: { editor: { role: 'editor' } } },
      answer: { description: 'The role.', schema: MEMBER },
      errors: [400, 403, 404, 413, 415, 503],
    }),
    delete: operation({
      id: 'removeMember',
      tag: TAG,
      summary: 'Take a user’s role in the project',
      description: 'For administrators.',
      parameters: [PROJECT_ID, USER_ID],
      answer: { status: 204, description: 'He has none any more.' },
      errors: [400, 403, 404, 503],
    }),
  },
};

/** The master's routes of users, tokens and roles, as part of its OpenAPI document. */
export const accessOpenApi: OpenApiFragment = {
  tags: [{ name: TAG, description: 'Users, their tokens, and their roles in projects.' }],
  paths: PATHS,
  schemas: SCHEMAS,
};
