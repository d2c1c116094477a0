import type { Request, Response } from 'express';
import type { ProblemDetails } from '../../metadata/index.js';
import type { KnownRoutes } from './known-routes.js';
import { problemDocument, sendProblem } from './problem-document.js';

/** What to answer where no route took the request: 405 with `Allow` when the path takes other methods, else 404. */
export function unknownRoute(routes: KnownRoutes, request: Request, response: Response): ProblemDetails {
  const path = request.originalUrl.split('?')[0] ?? '';
  const allowed = routes.methodsOf(path);
  if (allowed.length === 0) {
    return problemDocument(404, `There is no ${path} here. The page /api lists every route.`);
  }
  response.setHeader('Allow', allowed.join(', '));
  return problemDocument(405, `${path} does not take ${request.method}. It takes ${allowed.join(', ')}.`);
}

/** The last handler of all: for addresses outside the API, where Nest's own "not found" does not reach. */
export function answerUnknownRoutes(routes: KnownRoutes): (request: Request, response: Response) => void {
  return (request, response) => {
    sendProblem(response, unknownRoute(routes, request, response));
  };
}
