import { Anchor, EmptyState } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';

/** An address that leads nowhere; `data` says more of it. */
export function NotFoundPage({ data }: { readonly data?: unknown }): ReactElement {
  return (
    <EmptyState
      mt="xl"
      title={typeof data === 'string' ? data : 'There is no page at this address'}
      description="Check the address, or start from the table of trials."
    >
      <EmptyState.Actions>
        <Anchor renderRoot={(props) => <Link to="/trials" {...props} />}>Show trials</Anchor>
      </EmptyState.Actions>
    </EmptyState>
  );
}
