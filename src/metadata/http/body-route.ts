import type { MetadataError } from '../metadata.errors.js';
import { problemAnswer, type ProblemAnswer } from './problem-details.js';

/** Requests whose bodies are to be kept as bytes. */
export interface BodyRoute {
  /** The end of the path, whatever prefix the host puts before it: `/trials/:trialId/metadata`. */
  readonly path: string;
  /** Largest body, in bytes, after decompression. */
  readonly limit: number;
  /** How it is answered when the body is too large or cannot be read; by default as problem details. */
  readonly refuse?: (error: MetadataError) => ProblemAnswer;
}

/** A {@link BodyRoute} that can be compared with requests. */
export interface CompiledBodyRoute {
  readonly pattern: RegExp;
  readonly limit: number;
  readonly refuse: (error: MetadataError) => ProblemAnswer;
}

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function compileBodyRoute({ path, limit, refuse = problemAnswer }: BodyRoute): CompiledBodyRoute {
  const segments = path.split('/').filter((segment) => segment !== '');
  const source = segments
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : escapeRegExp(segment)))
    .join('/');
  return { pattern: new RegExp(`(?:^|/)${source}/?$`, 'i'), limit, refuse };
}

/** @param url path with or without a query */
export function findBodyRoute(
  routes: readonly CompiledBodyRoute[],
  method: string | undefined,
  url: string | undefined,
): CompiledBodyRoute | undefined {
  if (method === undefined || url === undefined || WITHOUT_BODY.has(method)) return undefined;
  const end = url.search(/[?#]/);
  const path = decoded(end < 0 ? url : url.slice(0, end));
  return routes.find(({ pattern }) => pattern.test(path));
}

/** Routers differ in whether they decode a path before they compare it. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
