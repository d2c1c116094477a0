import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import { problemDetails, type ProblemDetails } from '../../metadata/index.js';

/** A problem whose kind its status says well enough. */
export function problemDocument(status: number, detail: string): ProblemDetails {
  const code = (STATUS_CODES[status] ?? 'Error').toLowerCase().replace(/\W+/g, '_');
  return problemDetails(status, code, detail);
}

/** Ends the answer with this problem. */
export function sendProblem(response: Response, problem: ProblemDetails): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
