import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const ACCEPTED = /^[\w.:-]{1,128}$/;

/**
 * The id of a request, in its log lines and in the answer's `X-Request-Id`: the one that it came with, so that it can be
 * followed from proxy to master, or a new one.
 */
export function requestId({ headers }: IncomingMessage, response: ServerResponse): string {
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}
