import type { IncomingMessage, ServerResponse } from 'node:http';
import { MetadataError } from '../metadata.errors.js';
import { writeProblemTo } from './answer.js';
import { findBodyRoute, type CompiledBodyRoute } from './body-route.js';
import { keepBody, keptBody, lossyBody } from './captured-body.js';
import { readBody } from './read-body.js';

type Middleware = (request: ExpressRequest, response: ServerResponse, next: () => void) => void;

type ExpressRequest = IncomingMessage & { body?: unknown; originalUrl?: string };

/** The parts of an Express 5 application that the capture needs. */
interface ExpressApplication {
  use(middleware: Middleware): unknown;
  readonly router: { readonly stack: unknown[] };
}

/**
 * Puts the capture in front of all that the host has put into its application so far, its body parser first of all. A
 * parser that meets a body that was read already passes it by.
 */
export function captureOnExpress(application: unknown, routes: readonly CompiledBodyRoute[]): void {
  const express = application as ExpressApplication; // the adapter says that it is one
  express.use((request, response, next) => {
    const route = findBodyRoute(routes, request.method, request.originalUrl ?? request.url);
    const isRead = keptBody(request) !== undefined || request.readableEnded;
    if (route === undefined || isRead) next();
    else void capture(request, response, route).then((isKept) => isKept && next());
  });
  const { stack } = express.router;
  stack.unshift(...stack.splice(-1));
}

async function capture(
  request: ExpressRequest,
  response: ServerResponse,
  { limit, refuse }: CompiledBodyRoute,
): Promise<boolean> {
  try {
    const bytes = await readBody(request, limit);
    keepBody(request, { bytes, contentType: request.headers['content-type'] });
    request.body = lossyBody(bytes);
    return true;
  } catch (error) {
    // What is left of the body must not reach the host's parser, which would wait for it or read it again.
    if (error instanceof MetadataError) writeProblemTo(response, refuse(error));
    else response.destroy();
    return false;
  }
}
