import { Logger } from '@nestjs/common';
import type { ErrorFacts } from '../../determined/index.js';
import { AccessError, CredentialsRefusedError, TooManySignInsError } from '../access/access.errors.js';
import { accessProblem } from '../http/access-problem.js';
import { databaseProblem } from '../http/database-problem.js';
import { describeError } from '../operations/describe-error.js';
import { reasonCode } from '../operations/reason-code.js';
import { noteProblem } from '../operations/request-facts.js';

/** What to tell Determined's clients of an error of the master's own; undefined when nobody's mistake but ours. */
export function describeHostError(error: unknown): ErrorFacts | undefined {
  if (error instanceof AccessError) {
    const { status, detail } = accessProblem(error);
    return { status, message: detail, headers: headersOf(error) };
  }
  const known = databaseProblem(error);
  if (known === undefined) return undefined;
  const { status, detail } = known.problem;
  return { status, message: detail, headers: { 'Retry-After': String(known.retryAfter) } };
}

/** Keeps the reason for log and metrics, and logs what no client can help. */
export function noteHostError(error: unknown, { status }: ErrorFacts, response: object): void {
  noteProblem(response, reasonCode(error) ?? `status_${status}`);
  if (status >= 500) new Logger('Determined').error(describeError(error));
}

function headersOf(error: AccessError): Readonly<Record<string, string>> {
  if (error instanceof CredentialsRefusedError)
    return { 'WWW-Authenticate': 'Bearer realm="trial metadata"' };
  return error instanceof TooManySignInsError ? { 'Retry-After': String(error.retryAfter) } : {};
}
