import { STATUS_CODES } from 'node:http';
import { writeJson } from '../document/index.js';
import {
  RevisionConflictError,
  type MetadataError,
  type MetadataErrorCode,
  type Problem,
} from '../metadata.errors.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An error as RFC 9457 says it. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** A word that a program can act on. */
  readonly code: string;
  /** Every fault with its place. */
  readonly errors: readonly Problem[];
  /** Facts of one kind of error. */
  readonly [fact: string]: unknown;
}

/** What goes over the wire for an error. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status of each error; the only such place. */
const STATUS: Readonly<Record<MetadataErrorCode, number>> = {
  invalid_request: 400,
  edit_forbidden: 403,
  indexes_forbidden: 403,
  trial_not_found: 404,
  revision_not_found: 404,
  changes_off: 404,
  text_indexes_unavailable: 409,
  changes_forgotten: 410,
  revision_conflict: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  database_busy: 503,
};

/** The answer to an error of the plugin. */
export function problemAnswer(error: MetadataError): ProblemAnswer {
  const facts: Record<string, unknown> = {};
  const headers: Record<string, string> = {};
  if (error instanceof RevisionConflictError) {
    facts['currentRevision'] = error.current;
    facts['changedKeys'] = error.changedKeys;
    headers['ETag'] = `"${error.current}"`;
  }
  if ('retryAfter' in error) headers['Retry-After'] = String(error.retryAfter);
  return writeProblem(STATUS[error.code], error.code, error.message, error.problems, facts, headers);
}

/** The members of a problem; `about:blank` says that the status alone is the type, `code` tells more. */
export function problemDetails(
  status: number,
  code: string,
  detail: string,
  errors: readonly Problem[] = [],
  facts: Readonly<Record<string, unknown>> = {},
): ProblemDetails {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, code, ...facts, errors };
}

/** An answer with the same members for errors of other modules. */
export function writeProblem(
  status: number,
  code: string,
  detail: string,
  errors: readonly Problem[] = [],
  facts: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): ProblemAnswer {
  const details = problemDetails(status, code, detail, errors, facts);
  return { status, headers: { ...headers, 'Content-Type': PROBLEM_TYPE }, body: writeJson(details) };
}
