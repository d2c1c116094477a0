import { InvalidRequestError } from '../../metadata/index.js';

const DEFAULT = 40;
const MOST = 200;

/**
 * How many items a page of a list holds: 1 to 200, 40 when nothing is said.
 * @throws InvalidRequestError
 */
export function checkPageLimit(asked: number | undefined): number {
  const limit = asked ?? DEFAULT;
  if (limit >= 1 && limit <= MOST) return limit;
  const message = `A page holds 1 to ${MOST} items.`;
  throw new InvalidRequestError([
    { path: 'limit', code: 'value_not_accepted', message, limit: MOST, actual: limit },
  ]);
}
