import {
  flag,
  instantOrNull,
  optional,
  required,
  type ObjectOf,
  type ReadValue,
} from '../../../experiments/index.js';
import { isProjectRole, PROJECT_ROLES, type ProjectRole } from '../project-role.js';

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._@+-]{0,98}[\p{L}\p{N}\p{M}._@+-])?$/u;
const PASSWORD_LENGTH = { least: 8, most: 1_000 };
const LABEL_LENGTH = 200;

/** A name that looks in a list as it is: letters, digits, ` ._@+-`, up to 100 of them. */
const userName: ReadValue<string> = (value, refuse) =>
  typeof value === 'string' && NAME.test(value)
    ? value
    : refuse({
        code: 'value_not_accepted',
        message:
          'Give 1 to 100 letters, digits and ". _ @ + -" and spaces, that begin with a letter or digit.',
      });

const password: ReadValue<string> = (value, refuse) =>
  typeof value === 'string' && value.length >= PASSWORD_LENGTH.least && value.length <= PASSWORD_LENGTH.most
    ? value
    : refuse({
        code: 'value_not_accepted',
        message: `Give a string of ${PASSWORD_LENGTH.least} to ${PASSWORD_LENGTH.most} characters.`,
      });

const passwordOrNull: ReadValue<string | null> = (value, refuse) =>
  value === null ? null : password(value, refuse);

const label: ReadValue<string> = (value, refuse) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LABEL_LENGTH
    ? value
    : refuse({
        code: 'value_not_accepted',
        message: `Give a string of 1 to ${LABEL_LENGTH} characters that is not blank.`,
      });

const expiry: ReadValue<Date | null> = (value, refuse) => {
  const instant = instantOrNull(value, refuse);
  if (!(instant instanceof Date) || instant.getTime() > Date.now()) return instant;
  return refuse({ code: 'value_not_accepted', message: 'Give a time that is yet to come.' });
};

const role: ReadValue<ProjectRole> = (value, refuse) =>
  isProjectRole(value)
    ? value
    : refuse({ code: 'value_not_accepted', message: `Accepted: ${PROJECT_ROLES.join(', ')}.` });

/** `POST /users` */
export const CREATE_USER = {
  name: required(userName),
  administrator: optional(flag),
  password: optional(password),
};
export type CreateUser = ObjectOf<typeof CREATE_USER>;

/** `PATCH /users/:id`; the password null: no sign-in by password any more. */
export const CHANGE_USER = {
  name: optional(userName),
  administrator: optional(flag),
  active: optional(flag),
  password: optional(passwordOrNull),
};
export type ChangeUser = ObjectOf<typeof CHANGE_USER>;

/** `POST /users/:id/tokens` */
export const CREATE_TOKEN = { name: optional(label), expiresAt: optional(expiry) };

/** `POST /users/:id/tokens/:tokenId/rotate` */
export const ROTATE_TOKEN = { expiresAt: optional(expiry) };

/** `PUT /projects/:id/members/:userId` */
export const PUT_MEMBER = { role: required(role) };
