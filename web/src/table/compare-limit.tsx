import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { formatCount } from '../grid/format.js';

/** As many trials are compared side by side: the API takes no more ids. */
export const MAX_COMPARED = 200;

/** How many of the chosen rows a comparison takes: `7`, `200 of 1,000`. */
export function comparedCount(chosen: number): string {
  return chosen > MAX_COMPARED ? `${MAX_COMPARED} of ${formatCount(chosen)}` : String(chosen);
}

interface CompareLimitProps {
  /** How many rows are chosen. */
  readonly chosen: number;
  readonly nouns: 'trials' | 'experiments';
  /** The button that compares. */
  readonly children: ReactElement;
}

/** Tells why a comparison leaves some of the chosen rows out. */
export function CompareLimit({ chosen, nouns, children }: CompareLimitProps): ReactElement {
  return (
    <Tooltip
      label={`At most ${MAX_COMPARED} ${nouns} are compared: those that were chosen first.`}
      disabled={chosen <= MAX_COMPARED}
      events={{ hover: true, focus: true, touch: true }}
    >
      {children}
    </Tooltip>
  );
}
