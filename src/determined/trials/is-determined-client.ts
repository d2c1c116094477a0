import type { IncomingHttpHeaders } from 'node:http';

/** The header in which a client in a training container sends its token. */
export const ALLOCATION_TOKEN_HEADER = 'grpc-metadata-x-allocation-token';

/**
 * Whether a request may come from Determined's SDK. Its requests are those of the Python package `requests`, with
 * nothing of their own outside a training container; a program on `requests` that wants this REST API's own form of an
 * answer asks for `Accept: application/json`, which the SDK never does.
 */
export function isDeterminedClient(headers: IncomingHttpHeaders): boolean {
  if (headers[ALLOCATION_TOKEN_HEADER] !== undefined) return true;
  const isOfRequests = headers['user-agent']?.startsWith('python-requests/') ?? false;
  return isOfRequests && (headers.accept ?? '*/*').trim() === '*/*';
}
