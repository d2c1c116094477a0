import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { TrialRow } from '../api/trial.js';
import { StateBadge } from '../grid/cell-value.js';
import type { HeadFocus } from '../grid/column.js';
import { formatSeconds } from '../grid/format.js';
import classes from './trial-heading.module.css';

interface TrialHeadingProps {
  readonly trial: TrialRow;
  /** Whether the others are compared with this one. */
  readonly isBaseline: boolean;
  readonly focus: HeadFocus;
}

/** The heading of a trial's column: a link to the trial, its experiment, its state and how long it took. */
export function TrialHeading({ trial, isBaseline, focus }: TrialHeadingProps): ReactElement {
  const { id, experimentName, state } = trial;
  const seconds = secondsOf(trial);
  return (
    <div className={classes['heading']}>
      <Anchor
        size="sm"
        fw={600}
        renderRoot={(props) => <Link to="/trials/$trialId" params={{ trialId: id }} {...focus} {...props} />}
      >
        {isBaseline ? 'Baseline: ' : ''}Trial {id}
      </Anchor>
      {experimentName !== null && (
        <Text size="xs" dir="auto" title={experimentName} truncate>
          {experimentName}
        </Text>
      )}
      <Group gap={6} wrap="nowrap">
        {state !== null && <StateBadge state={state} />}
        {seconds !== null && (
          <Text size="xs" c="dimmed" truncate>
            {formatSeconds(seconds)}
          </Text>
        )}
      </Group>
    </div>
  );
}

/** From start to end; null while one of the two is missing. */
export function secondsOf({ startTime, endTime }: TrialRow): number | null {
  if (startTime === null || endTime === null) return null;
  return (Date.parse(endTime) - Date.parse(startTime)) / 1_000;
}
