import type { IncomingMessage, ServerResponse } from 'node:http';

const KEY = /^([^?]*\/projects\/[^/?]+\/metadata\/)([^?]+?)(\/?(?:\?.*)?)$/;

/**
 * Escapes the slashes of a key in the path, which Determined's SDK sends as they are, so that the key is one parameter. On
 * Fastify, which has chosen the route by then, such a key must be escaped by the client.
 */
export function joinKeySegments(request: IncomingMessage, _: ServerResponse, next: () => void): void {
  const parts = KEY.exec(request.url ?? '');
  const [, before = '', key = '', after = ''] = parts ?? [];
  if (key.includes('/')) request.url = `${before}${key.replaceAll('/', '%2F')}${after}`;
  next();
}
