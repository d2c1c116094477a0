import type { AccessError, AccessErrorCode } from '../access/access.errors.js';
import type { ProblemDetails } from '../../metadata/index.js';
import { problemDocument } from './problem-document.js';

/** The status of each error; the only such place. */
const STATUS: Readonly<Record<AccessErrorCode, number>> = {
  credentials_refused: 401,
  too_many_sign_ins: 429,
  administrator_needed: 403,
  user_not_found: 404,
  token_not_found: 404,
  member_not_found: 404,
  user_name_taken: 409,
};

/** The answer to an error about users, tokens or roles. */
export function accessProblem({ code, message, problems }: AccessError): ProblemDetails {
  return { ...problemDocument(STATUS[code], message), code, errors: problems };
}
