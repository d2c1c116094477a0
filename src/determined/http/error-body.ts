import { writeJson, type ProblemAnswer } from '../../metadata/index.js';
import type { ErrorFacts } from './error-facts.js';

/** The codes of gRPC by HTTP status, as its gateway pairs them. */
const CODES: Readonly<Record<number, readonly [code: number, reason: string]>> = {
  400: [3, 'InvalidArgument'],
  401: [16, 'Unauthenticated'],
  403: [7, 'PermissionDenied'],
  404: [5, 'NotFound'],
  409: [6, 'AlreadyExists'],
  412: [9, 'FailedPrecondition'],
  413: [8, 'ResourceExhausted'],
  415: [3, 'InvalidArgument'],
  429: [8, 'ResourceExhausted'],
  500: [13, 'Internal'],
  501: [12, 'Unimplemented'],
  503: [14, 'Unavailable'],
  504: [4, 'DeadlineExceeded'],
};
const UNKNOWN = [2, 'Unknown'] as const;

/** An error as Determined's clients read it. */
export interface ErrorBody {
  readonly error: { readonly code: number; readonly reason: string; readonly error: string };
}

export function errorBody({ status, message }: ErrorFacts): ErrorBody {
  const [code, reason] = CODES[status] ?? UNKNOWN;
  return { error: { code, reason, error: message } };
}

/** What goes over the wire for an error. */
export function errorAnswer(facts: ErrorFacts): ProblemAnswer {
  const headers = { ...facts.headers, 'Content-Type': 'application/json; charset=utf-8' };
  return { status: facts.status, headers, body: writeJson(errorBody(facts)) };
}
