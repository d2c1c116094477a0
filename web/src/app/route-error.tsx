import type { ReactElement } from 'react';
import { Failure } from './query-state.js';

/** A fault of the page's own: shown where the page would be, the rest stays usable. */
export function RouteError({
  error,
  reset,
}: {
  readonly error: unknown;
  readonly reset: () => void;
}): ReactElement {
  return <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />;
}
