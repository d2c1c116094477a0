import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { PartMissingError, reloadPage } from './import-part.js';
import { Failure } from './query-state.js';

/** A fault of the page's own: shown where the page would be, the rest stays usable. */
export function RouteError({
  error,
  reset,
}: {
  readonly error: unknown;
  readonly reset: () => void;
}): ReactElement {
  const reload = useMutation({ mutationFn: reloadPage });
  if (error instanceof PartMissingError)
    return <Failure error={reload.error ?? error} retry={() => reload.mutate()} />;
  return <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />;
}
