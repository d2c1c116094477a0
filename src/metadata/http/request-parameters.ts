import type { IncomingHttpHeaders } from 'node:http';
import { duplicateParameter, InvalidRequestError } from '../metadata.errors.js';
import { revisionsOfIfMatch } from './entity-tags.js';
import { unpiped } from './exact-body.decorator.js';

interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

/** Express's and Fastify's requests have these parts alike. */
const httpRequest = (request: object) => request as HttpRequest;

const pathParameter = unpiped((request, name: string) => httpRequest(request).params?.[name]);

/** A segment of the path as it came, whatever pipes the host has. */
export function PathParameter(name: string): ParameterDecorator {
  return pathParameter(name);
}

const queryParameter = unpiped((request, name: string) => queryText(httpRequest(request), name));

/** One parameter of the query string as text; undefined when it is absent. @throws InvalidRequestError when it comes twice */
export function QueryParameter(name: string): ParameterDecorator {
  return queryParameter(name);
}

const queryInteger = unpiped((request, name: string): number | undefined => {
  const text = queryText(httpRequest(request), name);
  if (text === undefined) return undefined;
  if (/^(?:0|[1-9][0-9]{0,8})$/.test(text)) return Number(text);
  throw InvalidRequestError.at(name, 'invalid_number', `"${name}" is a whole number of at most nine digits.`);
});

/** One parameter of the query string as a whole number, 0 or more. @throws InvalidRequestError */
export function QueryInteger(name: string): ParameterDecorator {
  return queryInteger(name);
}

const ifMatch = unpiped((request) => ({
  ifRevision: revisionsOfIfMatch(headerText(httpRequest(request).headers['if-match'])),
}));

/** The `If-Match` header as the service's `WriteOptions`. @throws InvalidRequestError */
export function IfMatch(): ParameterDecorator {
  return ifMatch(undefined);
}

function queryText({ query }: HttpRequest, name: string): string | undefined {
  const value = query !== undefined && Object.hasOwn(query, name) ? query[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw duplicateParameter(name);
}

function headerText(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join(', ') : header;
}
