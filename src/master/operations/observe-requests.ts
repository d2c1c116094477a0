import type { Server } from 'node:http';
import type { RequestObserver } from './request-log.js';

/**
 * Lets observers see every request before the application does. Middleware would come too late: the bodies of many routes
 * are read, and some refused, before any.
 */
export function observeRequests(server: Server, observers: readonly RequestObserver[]): void {
  // Of listeners put in front the last one comes first.
  for (const observer of [...observers].reverse()) server.prependListener('request', observer);
}
