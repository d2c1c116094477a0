import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';

interface TrialLinkProps {
  readonly trialId: number;
  readonly title?: string;
}

/** A cell's link to a trial; the keys of the table lead to it. */
export function TrialLink({ trialId, title }: TrialLinkProps): ReactElement {
  return (
    <Anchor
      size="sm"
      tabIndex={-1}
      title={title}
      renderRoot={(props) => <Link to="/trials/$trialId" params={{ trialId }} {...props} />}
    >
      Trial {trialId}
    </Anchor>
  );
}
