import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExperimentRow } from '../api/trial.js';
import { hostField, type HostField } from '../fields/host-fields.js';
import type { GridColumn } from '../grid/column.js';

/** The host's columns that the table of experiments shows by default. */
export const HOST_COLUMNS: readonly string[] = [
  'experiment.name',
  'experiment.state',
  'experiment.startTime',
];

const countColumn = (member: string, label: string): GridColumn => ({
  field: `@${member}`,
  label,
  hostType: 'number',
  width: 110,
  sortable: false,
  read: (row) => row.item.get(member),
});

/** Columns of the answer's own, which no filter names. */
export const COUNT_COLUMNS: readonly GridColumn[] = [
  countColumn('matchingTrials', 'Matching'),
  countColumn('trialCount', 'Trials'),
];

/** An experiment has no trial column: it has many trials. */
export function offerExperimentField(field: HostField): boolean {
  return field.group !== 'Trial';
}

/** The member of an experiment's item that carries a host column: its own columns go without their prefix. */
export function experimentMember(field: string): string | undefined {
  return field.startsWith('experiment.') ? field.slice('experiment.'.length) : hostField(field)?.item;
}

/** The name of an experiment leads to its page. */
export function experimentLink(row: ExperimentRow, column: GridColumn): ReactNode | undefined {
  if (column.field !== 'experiment.name') return undefined;
  return (
    <Anchor
      size="sm"
      tabIndex={-1}
      dir="auto"
      onClick={(event) => event.stopPropagation()}
      renderRoot={(props) => (
        <Link to="/experiments/$experimentId" params={{ experimentId: row.id }} {...props} />
      )}
    >
      {row.name}
    </Anchor>
  );
}
