import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TrialRow } from '../api/trial.js';
import { hostField } from '../fields/host-fields.js';
import type { GridColumn } from '../grid/column.js';

/** The host's columns that a table of trials shows by default. */
export const HOST_COLUMNS: readonly string[] = [
  'trial.id',
  'experiment.name',
  'trial.state',
  'trial.startTime',
  'trial.duration',
];

/** The member of a trial's item that carries a host column. */
export function trialMember(field: string): string | undefined {
  return hostField(field)?.item;
}

/** The cells of a trial that lead elsewhere: its id to its page, its experiment to that one's. */
export function trialLink(row: TrialRow, column: GridColumn): ReactNode | undefined {
  if (column.field === 'trial.id') {
    return (
      <Anchor
        size="sm"
        tabIndex={-1}
        onClick={(event) => event.stopPropagation()}
        renderRoot={(props) => <Link to="/trials/$trialId" params={{ trialId: row.id }} {...props} />}
      >
        {row.id}
      </Anchor>
    );
  }
  if (column.field === 'experiment.name' && row.experimentName !== null) {
    return (
      <Anchor
        size="sm"
        c="inherit"
        tabIndex={-1}
        dir="auto"
        onClick={(event) => event.stopPropagation()}
        renderRoot={(props) => (
          <Link to="/experiments/$experimentId" params={{ experimentId: row.experimentId }} {...props} />
        )}
      >
        {row.experimentName}
      </Anchor>
    );
  }
  return undefined;
}
