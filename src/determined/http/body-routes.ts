import type { BodyRoute } from '../../metadata/index.js';
import { errorAnswer } from './error-body.js';
import { errorFacts, INTERNAL_ERROR } from './error-facts.js';

/** A route whose body is kept as bytes, for {@link DeterminedBody}. `limit` in bytes. */
export function determinedBodyRoute(path: string, limit: number): BodyRoute {
  return { path, limit, refuse: (error) => errorAnswer(errorFacts(error) ?? INTERNAL_ERROR) };
}
