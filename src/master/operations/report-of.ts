import type { IncomingMessage } from 'node:http';
import { pathOf } from './request-facts.js';

/** A request that writes metadata. */
export interface Report {
  readonly kind: 'report' | 'set' | 'patch' | 'delete' | 'revert' | 'batch';
  readonly documents: number;
}

/** Told by the path, since a body that is too large is refused before any route. */
const METADATA = /\/(?:trials|runs)\/[^/]+\/metadata(\/revert)?\/?$/;
const BATCH = /\/metadata\/batch\/?$/;

const KINDS: Readonly<Record<string, Report['kind']>> = {
  POST: 'report',
  PUT: 'set',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** What a request writes; undefined when it writes no metadata. */
export function reportOf(request: IncomingMessage): Report | undefined {
  const path = pathOf(request);
  if (BATCH.test(path)) return { kind: 'batch', documents: batchSize(request) };
  const found = METADATA.exec(path);
  if (found === null) return undefined;
  const kind = found[1] === undefined ? KINDS[request.method ?? ''] : 'revert';
  return kind && { kind, documents: 1 };
}

function batchSize(request: IncomingMessage): number {
  const { body } = request as { readonly body?: { readonly reports?: unknown } };
  const reports = body?.reports;
  return Array.isArray(reports) ? reports.length : 0;
}
