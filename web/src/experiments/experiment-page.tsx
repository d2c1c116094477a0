import { Breadcrumbs, Group, Pill, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import { searchTrials } from '../api/search.js';
import type { ExperimentDetails } from '../api/trial-details.js';
import type { TrialRow } from '../api/trial.js';
import { PageTitle } from '../app/page-title.js';
import { ProjectCrumb } from '../app/project-crumb.js';
import { QueryState } from '../app/query-state.js';
import { condition } from '../filter/wire.js';
import { StateBadge } from '../grid/cell-value.js';
import { formatInstant } from '../grid/format.js';
import { JsonNumber } from '../shared/metadata.js';
import { SearchTable } from '../table/search-table.js';
import { useSelection } from '../table/use-selection.js';
import { TrialActions } from '../trials/trial-actions.js';
import { HOST_COLUMNS, trialLink, trialMember } from '../trials/trial-table.js';
import { useView, type ViewState } from '../view/use-view.js';
import { DifferingFields } from './differing-fields.js';
import { experimentQuery } from './experiment-query.js';
import classes from './experiment-page.module.css';

const route = getRouteApi('/experiments/$experimentId');

const COLUMNS = HOST_COLUMNS.filter((field) => field !== 'experiment.name');

/** One experiment: its trials, and what differs among them. */
export function ExperimentPage(): ReactElement {
  const { experimentId } = route.useParams();
  const viewState = useView();
  const [tab, setTab] = useState<string | null>('trials');
  const query = useQuery(experimentQuery(experimentId));
  const experiment = query.data;
  return (
    <>
      <QueryState query={query} label={`experiment ${experimentId}`} />
      {experiment !== undefined && (
        <>
          <PageTitle title={experiment.name} hidden={false} />
          <Head experiment={experiment} />
          <Tabs value={tab} onChange={setTab} keepMounted={false} className={classes['tabs']}>
            <Tabs.List px="md">
              <Tabs.Tab value="trials">Trials</Tabs.Tab>
              <Tabs.Tab value="differences">What differs</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="trials" className={classes['panel']}>
              {/* By its id: what was chosen in one experiment is not in another. */}
              <ExperimentTrials key={experiment.id} {...viewState} experiment={experiment} />
            </Tabs.Panel>
            <Tabs.Panel value="differences" className={classes['panel']}>
              <DifferingFields
                experimentId={experimentId}
                onShow={(fields) => {
                  viewState.change({ columns: [...COLUMNS, ...fields] });
                  setTab('trials');
                }}
              />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </>
  );
}

function Head({ experiment }: { readonly experiment: ExperimentDetails }): ReactElement {
  return (
    <div className={classes['head']}>
      <Breadcrumbs mb={4} component="nav" aria-label="Where this is">
        <ProjectCrumb projectId={experiment.projectId} />
      </Breadcrumbs>
      <Group gap="sm">
        <Title order={1} size="h3" dir="auto">
          {experiment.name}
        </Title>
        <StateBadge state={experiment.state} />
        {experiment.labels.map((label) => (
          <Pill key={label}>{label}</Pill>
        ))}
        {experiment.startTime !== null && (
          <Text size="sm" c="dimmed">
            started {formatInstant(experiment.startTime)}
          </Text>
        )}
      </Group>
      {experiment.description !== '' && (
        <Text size="sm" mt={4}>
          {experiment.description}
        </Text>
      )}
    </div>
  );
}

function ExperimentTrials({
  experiment,
  ...viewState
}: ViewState & { readonly experiment: ExperimentDetails }): ReactElement {
  const navigate = useNavigate();
  const [selection, setSelection] = useSelection(`experiment ${experiment.id}`);
  const within = useMemo(
    () => condition('experiment.id', 'is', new JsonNumber(String(experiment.id))),
    [experiment.id],
  );
  // Fields and values are suggested from the experiment's project, whatever is chosen above.
  const view = useMemo(
    () => ({ ...viewState.view, projectId: experiment.projectId }),
    [viewState.view, experiment.projectId],
  );
  return (
    <SearchTable<TrialRow>
      view={view}
      change={viewState.change}
      noun="trial"
      within={within}
      run={searchTrials}
      hostColumns={COLUMNS}
      offered={offerAll}
      memberOf={trialMember}
      rowLink={trialLink}
      onOpen={(row) => void navigate({ to: '/trials/$trialId', params: { trialId: row.id } })}
      selection={selection}
      onSelection={setSelection}
      actions={(search, columns) => (
        <TrialActions search={search} columns={columns} selection={selection} onSelection={setSelection} />
      )}
    />
  );
}

function offerAll(): boolean {
  return true;
}
