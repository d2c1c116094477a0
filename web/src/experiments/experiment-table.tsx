import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExperimentRow } from '../api/trial.js';
import { hostField, type HostField } from '../fields/host-fields.js';
import type { GridColumn } from '../grid/column.js';
import { formatCountOf } from '../grid/format.js';
import { TrialLink } from '../trials/trial-link.js';
import { writeView, type SearchParameters, type View } from '../view/view.js';

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

const MATCHING = countColumn('matchingTrials', 'Matching');

/** Columns of the answer's own, which no filter names. */
export const COUNT_COLUMNS: readonly GridColumn[] = [MATCHING, countColumn('trialCount', 'Trials')];

/** Names the trial that an experiment's metadata are of, before the first column of them. */
export const SOURCE_COLUMN: GridColumn = {
  field: '@trial',
  label: 'Values of',
  hostType: 'text',
  width: 120,
  sortable: false,
  withoutMenu: true,
  read: ({ trialId = null }) => (trialId === null ? undefined : `Trial ${trialId}`),
};

/** An experiment has no trial column: it has many trials. */
export function offerExperimentField(field: HostField): boolean {
  return field.group !== 'Trial';
}

/** The member of an experiment's item that carries a host column: its own columns go without their prefix. */
export function experimentMember(field: string): string | undefined {
  return field.startsWith('experiment.') ? field.slice('experiment.'.length) : hostField(field)?.item;
}

/** The parameters of the experiment's page that a cell leads to: of the trials that match, or of all. */
export function experimentSearch(field: string, view: View): SearchParameters {
  if (field !== MATCHING.field) return {};
  const { filter, archived } = writeView(view);
  return { ...(filter === undefined ? {} : { filter }), ...(archived === undefined ? {} : { archived }) };
}

/**
 * The name of an experiment leads to its page, the number of trials that match to these alone, and the trial that its
 * metadata are of to that one's page.
 */
export function experimentLink(row: ExperimentRow, { field }: GridColumn, view: View): ReactNode | undefined {
  if (field === SOURCE_COLUMN.field)
    return row.trialId === null ? undefined : (
      <TrialLink trialId={row.trialId} title="The first of its trials that match" />
    );
  const shown = field === 'experiment.name' ? row.name : field === MATCHING.field ? row.matchingTrials : null;
  if (shown === null) return undefined;
  return (
    <Anchor
      size="sm"
      tabIndex={-1}
      dir="auto"
      aria-label={
        typeof shown === 'number'
          ? formatCountOf(shown, 'trial that matches', 'trials that match')
          : undefined
      }
      onClick={(event) => event.stopPropagation()}
      renderRoot={(props) => (
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: row.id }}
          search={experimentSearch(field, view)}
          {...props}
        />
      )}
    >
      {shown}
    </Anchor>
  );
}
