import type { AdapterResponse } from '../../metadata/index.js';

/** The parts of a request that {@link answerCreated} needs, of Express and Fastify alike. */
export interface CreatingRequest {
  /** As the client sent it, with the host's prefix and a query. */
  readonly originalUrl: string;
}

/**
 * Names the new resource in the answer's `Location`.
 * @param collection the end of the request's path that gives way to `path`: `/experiments/7/trials` to `/trials/12`
 */
export function answerCreated(
  request: CreatingRequest,
  response: AdapterResponse,
  collection: RegExp,
  path: string,
): void {
  const requested = request.originalUrl.split('?', 1)[0] ?? '';
  response.header('Location', requested.replace(collection, path));
}
