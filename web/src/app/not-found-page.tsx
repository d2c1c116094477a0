import { Anchor, EmptyState } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';

/** An address that leads nowhere. */
export function NotFoundPage(): ReactElement {
  return (
    <EmptyState
      mt="xl"
      title="There is no page at this address"
      description="Check the address, or start from the table of trials."
    >
      <EmptyState.Actions>
        <Anchor renderRoot={(props) => <Link to="/trials" {...props} />}>Show trials</Anchor>
      </EmptyState.Actions>
    </EmptyState>
  );
}
