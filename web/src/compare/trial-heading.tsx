import { Anchor, CloseButton, Group, Text } from '@mantine/core';
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
  readonly onDrop: ((trialId: number) => void) | undefined;
}

/** The heading of a trial's column: a link to the trial, its experiment, its state and how long it took. */
export function TrialHeading({ trial, isBaseline, focus, onDrop }: TrialHeadingProps): ReactElement {
  const { id, experimentName, state } = trial;
  const seconds = secondsOf(trial);
  return (
    <div className={classes['heading']}>
      <DropTrial trialId={id} onDrop={onDrop} tabIndex={focus.tabIndex} />
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

interface DropTrialProps {
  readonly trialId: number;
  readonly onDrop: ((trialId: number) => void) | undefined;
  readonly tabIndex: 0 | -1;
}

/** Takes a trial out of the comparison. */
export function DropTrial({ trialId, onDrop, tabIndex }: DropTrialProps): ReactElement | null {
  if (onDrop === undefined) return null;
  return (
    <CloseButton
      size="xs"
      className={classes['drop']}
      aria-label={`Leave out trial ${trialId}`}
      title="Leave out"
      tabIndex={tabIndex}
      onClick={() => onDrop(trialId)}
    />
  );
}

/** From start to end; null while one of the two is missing. */
export function secondsOf({ startTime, endTime }: TrialRow): number | null {
  if (startTime === null || endTime === null) return null;
  return (Date.parse(endTime) - Date.parse(startTime)) / 1_000;
}
