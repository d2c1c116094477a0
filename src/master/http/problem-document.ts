import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { Problem } from '../../metadata/index.js';

/** A problem document of RFC 9457, with the same members as the plugin's. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** A word that a program can act on. */
  readonly code: string;
  /** Every fault with its place. */
  readonly errors: readonly Problem[];
  readonly [extension: string]: unknown;
}

/** A problem whose kind its status says well enough. */
export function problemDocument(status: number, detail: string): ProblemDocument {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    code: title.toLowerCase().replace(/\W+/g, '_'),
    errors: [],
  };
}

/** Ends the answer with this problem. */
export function sendProblem(response: Response, problem: ProblemDocument): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
