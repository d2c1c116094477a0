import type { IncomingMessage, ServerResponse } from 'node:http';

/** The parts of Express's request that are there once a route has taken it. */
interface RoutedRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly route?: { readonly path?: unknown };
  readonly user?: { readonly name?: unknown };
  readonly ip?: string;
}

type NotedResponse = ServerResponse & { problem?: string };

/** The route as it is declared, e.g. `/api/v1/trials/:trialId/metadata`; undefined when none took the request. */
export function routeOf(request: IncomingMessage): string | undefined {
  const path = (request as RoutedRequest).route?.path;
  return typeof path === 'string' ? path : undefined;
}

/** The path as it was sent, without the query string, which may hold metadata. */
export function pathOf(request: IncomingMessage): string {
  const { originalUrl, url } = request as RoutedRequest;
  return ((originalUrl ?? url ?? '').split('?', 1)[0] ?? '').slice(0, 300);
}

/** The name of the user who sent the request, if it got that far. */
export function userNameOf(request: IncomingMessage): string | undefined {
  const name = (request as RoutedRequest).user?.name;
  return typeof name === 'string' ? name : undefined;
}

/** Where the request comes from. */
export function addressOf(request: IncomingMessage): string | undefined {
  return (request as RoutedRequest).ip ?? request.socket.remoteAddress;
}

/** Keeps why a request was refused, for the log and the metrics. */
export function noteProblem(response: object, code: string): void {
  (response as NotedResponse).problem = code;
}

/** What {@link noteProblem} kept. */
export function problemOf(response: object): string | undefined {
  return (response as NotedResponse).problem;
}
