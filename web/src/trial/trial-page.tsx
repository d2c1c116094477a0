import { Anchor, Breadcrumbs, DataList, Group, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { TrialDetails } from '../api/trial-details.js';
import { PageTitle } from '../app/page-title.js';
import { ProjectCrumb } from '../app/project-crumb.js';
import { QueryState } from '../app/query-state.js';
import { StateBadge } from '../grid/cell-value.js';
import { formatInstant, formatSeconds, plainText } from '../grid/format.js';
import { History } from './history.js';
import { MetadataSection } from './metadata-section.js';
import { trialQuery } from './trial-query.js';
import classes from './trial-page.module.css';

const route = getRouteApi('/trials/$trialId');

/** One trial: what it is, its metadata, and the metadata's history. */
export function TrialPage(): ReactElement {
  const { trialId } = route.useParams();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useQuery(trialQuery(trialId));
  const trial = query.data;
  const tab = search['tab'] === 'history' ? 'history' : 'overview';
  return (
    <div className={classes['page']}>
      <PageTitle title={`Trial ${trialId}`} hidden={false} />
      <QueryState query={query} label={`trial ${trialId}`} />
      {trial !== undefined && (
        <>
          <Breadcrumbs mb={4} component="nav" aria-label="Where this is">
            <ProjectCrumb projectId={trial.projectId} />
            <Anchor
              size="sm"
              dir="auto"
              renderRoot={(props) => (
                <Link
                  to="/experiments/$experimentId"
                  params={{ experimentId: trial.experimentId }}
                  {...props}
                />
              )}
            >
              {trial.experimentName}
            </Anchor>
          </Breadcrumbs>
          <Group gap="sm" mb="sm">
            <Title order={1} size="h3">
              Trial {trial.id}
            </Title>
            <StateBadge state={trial.state} />
          </Group>
          <Tabs
            value={tab}
            onChange={(value) =>
              void navigate({
                to: '.',
                search: { ...search, tab: value === 'history' ? 'history' : undefined },
                resetScroll: false,
              })
            }
            keepMounted={false}
          >
            <Tabs.List mb="md">
              <Tabs.Tab value="overview">Overview</Tabs.Tab>
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="overview">
              <Facts trial={trial} />
              <MetadataSection trialId={trial.id} projectId={trial.projectId} />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              <History trialId={trial.id} projectId={trial.projectId} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </div>
  );
}

function Facts({ trial }: { readonly trial: TrialDetails }): ReactElement {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Trial number', trial.number === null ? null : String(trial.number)],
    ['Started', trial.startTime === null ? null : formatInstant(trial.startTime)],
    ['Ended', trial.endTime === null ? null : formatInstant(trial.endTime)],
    ['Duration', trial.duration === null ? null : formatSeconds(trial.duration)],
    ['Archived', trial.archived ? 'yes' : null],
    ...[...(trial.metrics ?? [])].map(([name, value]) => [name, plainText(value)] as const),
  ];
  return (
    <DataList className={classes['facts']} mb="lg">
      {facts.flatMap(([label, value]) =>
        value === null
          ? []
          : [
              <DataList.Item key={label}>
                <DataList.ItemLabel>{label}</DataList.ItemLabel>
                <DataList.ItemValue>{value}</DataList.ItemValue>
              </DataList.Item>,
            ],
      )}
    </DataList>
  );
}
