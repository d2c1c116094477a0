import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { addressOf, pathOf, problemOf, routeOf, userNameOf } from './request-facts.js';
import { requestId } from './request-id.js';

/** Sees every request before anything else does. */
export type RequestObserver = (request: IncomingMessage, response: ServerResponse) => void;

const QUIET = /^\/(health|metrics|assets)(\/|$)/;

/**
 * Logs each request when it has been answered: who, what, how long; no headers, no query string and no body, so that
 * neither tokens nor metadata get into a log.
 */
export function requestLog(logger: Logger): RequestObserver {
  return pinoHttp({
    logger,
    genReqId: requestId,
    customLogLevel: (request, response) => {
      if (response.statusCode >= 500) return 'error';
      return QUIET.test(pathOf(request)) ? 'debug' : 'info';
    },
    customSuccessMessage: () => 'answered',
    customErrorMessage: (_request, response) => (response.writableFinished ? 'answered' : 'broken off'),
    quietReqLogger: true,
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    customSuccessObject: (request, response, { milliseconds }: Timed) =>
      factsOf(request, response, milliseconds),
    customErrorObject: (request, response, _error, { milliseconds }: Timed) =>
      factsOf(request, response, milliseconds),
    customAttributeKeys: { reqId: 'requestId', responseTime: 'milliseconds' },
  });
}

interface Timed {
  readonly milliseconds: number;
}

function factsOf(request: IncomingMessage, response: ServerResponse, milliseconds: number): object {
  return {
    method: request.method,
    path: pathOf(request),
    route: routeOf(request),
    status: response.statusCode,
    problem: problemOf(response),
    user: userNameOf(request),
    address: addressOf(request),
    milliseconds,
  };
}
