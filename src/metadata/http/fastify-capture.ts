import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { MetadataError } from '../metadata.errors.js';
import { sendProblem, type AdapterResponse } from './answer.js';
import { findBodyRoute, type CompiledBodyRoute } from './body-route.js';
import { keepBody, keptBody, lossyBody } from './captured-body.js';
import { readBody } from './read-body.js';

/** The parts of Fastify 5 that the capture needs. */
interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly url: string;
  readonly method: string;
  body: unknown;
}

type Payload = NodeJS.ReadableStream & { receivedEncodedLength?: number };

interface FastifyInstance {
  addHook(
    name: 'preParsing',
    hook: (request: FastifyRequest, reply: AdapterResponse, payload: Payload) => Promise<unknown>,
  ): unknown;
  addHook(name: 'preValidation', hook: (request: FastifyRequest) => Promise<void>): unknown;
}

const SHOWN_TO_PARSER = '{}';

/**
 * Reads the bodies before Fastify's content type parsers, which are shown an empty object instead: so neither their
 * limit nor their list of content types applies. Afterwards `request.body` is what they would have made of it.
 */
export function captureOnFastify(application: unknown, routes: readonly CompiledBodyRoute[]): void {
  const fastify = application as FastifyInstance; // the adapter says that it is one
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const route = findBodyRoute(routes, request.method, request.url);
    if (route === undefined) return payload;
    try {
      const { headers } = request.raw;
      const bytes = await readBody(request.raw, route.limit);
      keepBody(request, { bytes, contentType: headers['content-type'] });
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(SHOWN_TO_PARSER.length);
      return Readable.from([Buffer.from(SHOWN_TO_PARSER)]);
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      sendProblem(reply, route.refuse(error));
      return reply;
    }
  });
  // eslint-disable-next-line @typescript-eslint/require-await -- Fastify tells a promise from a callback by it
  fastify.addHook('preValidation', async (request) => {
    const kept = findBodyRoute(routes, request.method, request.url) && keptBody(request);
    if (kept) request.body = lossyBody(kept.bytes);
  });
}
