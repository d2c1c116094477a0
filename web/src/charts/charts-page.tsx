import { Anchor, Button, SegmentedControl, Switch, Text } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactElement } from 'react';
import { PageTitle } from '../app/page-title.js';
import { FilterChips } from '../filter/filter-chips.js';
import { FilterPanel } from '../filter/filter-panel.js';
import { useSeen } from '../filter/use-seen.js';
import { joinFields } from '../view/list-text.js';
import { parseSearch } from '../view/search-text.js';
import { useView } from '../view/use-view.js';
import { writeView } from '../view/view.js';
import { useChartFields } from './chart-fields.js';
import {
  readChartParameters,
  writeChartParameters,
  type ChartKind,
  type ChartParameters,
} from './chart-parameters.js';
import { FieldList } from './field-list.js';
import { GroupsChart } from './groups-chart.js';
import { ParallelChart } from './parallel-chart.js';
import { ScatterChart } from './scatter-chart.js';
import toolbar from '../app/toolbar.module.css';
import classes from './charts-page.module.css';

const KINDS: readonly { readonly value: ChartKind; readonly label: string }[] = [
  { value: 'groups', label: 'Groups' },
  { value: 'scatter', label: 'Scatter' },
  { value: 'parallel', label: 'Parallel' },
];
const MAX_AXES = 10;

/** Draws the trials of a filter: a number by groups, two numbers, or several fields side by side. */
export function ChartsPage(): ReactElement {
  const { view, change } = useView();
  const navigate = useNavigate();
  const searchText = useLocation({ select: (location) => location.searchStr });
  const parameters = useMemo(() => readChartParameters(parseSearch(searchText)), [searchText]);
  const [filtering, setFiltering] = useState(false);
  const filterSeen = useSeen(filtering);
  const filterButton = useRef<HTMLButtonElement>(null);
  const { likeliest } = useChartFields(view.projectId);
  const set = (changes: Partial<ChartParameters>): void => {
    void navigate({
      to: '.',
      search: writeChartParameters(parseSearch(searchText), { ...parameters, ...changes }),
      resetScroll: false,
    });
  };
  const { kind, by, x, axes, log } = parameters;
  const measure = parameters.measure ?? likeliest;
  const shown = [...new Set(['trial.id', ...(kind === 'parallel' ? axes : [measure, x, by])])].filter(
    (field) => field !== undefined,
  );
  const toggleAxis = (field: string): void =>
    set({
      axes: axes.includes(field)
        ? axes.filter((other) => other !== field)
        : [...axes, field].slice(-MAX_AXES),
    });

  return (
    <>
      <PageTitle title="Charts" />
      <div className={toolbar['bar']}>
        <SegmentedControl
          size="xs"
          aria-label="Kind of chart"
          data={[...KINDS]}
          value={kind}
          onChange={(value) =>
            set({ kind: KINDS.find((option) => option.value === value)?.value ?? 'groups' })
          }
        />
        <Button
          ref={filterButton}
          size="xs"
          variant={view.filter === null ? 'default' : 'light'}
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={filtering}
          onClick={() => setFiltering(!filtering)}
        >
          Filter
        </Button>
        {kind !== 'parallel' && (
          <Switch
            size="xs"
            label="Logarithmic"
            checked={log}
            onChange={(event) => set({ log: event.currentTarget.checked })}
          />
        )}
        <Anchor
          size="sm"
          ml="auto"
          renderRoot={(props) => (
            <Link to="/trials" search={{ ...writeView(view), columns: joinFields(shown) }} {...props} />
          )}
        >
          Show these trials as a table
        </Anchor>
      </div>
      {filterSeen && (
        <FilterPanel
          hidden={!filtering}
          noun="trials"
          projectId={view.projectId}
          filter={view.filter}
          onApply={(filter) => change({ filter })}
          onClose={() => {
            setFiltering(false);
            filterButton.current?.focus();
          }}
          serverProblems={[]}
        />
      )}
      <FilterChips
        filter={view.filter}
        onChange={(filter) => change({ filter })}
        onEdit={() => setFiltering(true)}
        onEmptied={() => filterButton.current?.focus()}
      />
      <div className={classes['page']}>
        <div className={classes['side']}>
          {kind === 'parallel' ? (
            <FieldList
              title="Fields side by side"
              projectId={view.projectId}
              kind="groups"
              chosen={axes}
              onChoose={toggleAxis}
            />
          ) : (
            <>
              <FieldList
                title="Number"
                projectId={view.projectId}
                kind="numbers"
                chosen={measure === undefined ? [] : [measure]}
                onChoose={(field) => set({ measure: field })}
              />
              {kind === 'scatter' && (
                <FieldList
                  title="Against"
                  projectId={view.projectId}
                  kind="numbers"
                  chosen={x === undefined ? [] : [x]}
                  onChoose={(field) => set({ x: field })}
                />
              )}
              <FieldList
                title={kind === 'groups' ? 'By groups of' : 'Coloured by'}
                projectId={view.projectId}
                kind="groups"
                chosen={by === undefined ? [] : [by]}
                onChoose={(field) => set({ by: field === by ? undefined : field })}
              />
            </>
          )}
        </div>
        <div className={classes['drawing']}>
          {kind === 'groups' && measure !== undefined && by !== undefined && (
            <GroupsChart
              projectId={view.projectId}
              filter={view.filter}
              measure={measure}
              by={by}
              log={log}
            />
          )}
          {kind === 'groups' && by === undefined && <Advice text="Choose what makes the groups." />}
          {kind === 'scatter' && measure !== undefined && x !== undefined && (
            <ScatterChart
              projectId={view.projectId}
              filter={view.filter}
              x={x}
              y={measure}
              by={by}
              log={log}
            />
          )}
          {kind === 'scatter' && x === undefined && (
            <Advice text="Choose the number that the other one is drawn against." />
          )}
          {kind === 'parallel' && axes.length >= 2 && (
            <ParallelChart projectId={view.projectId} filter={view.filter} axes={axes} />
          )}
          {kind === 'parallel' && axes.length < 2 && <Advice text="Choose two fields or more." />}
        </div>
      </div>
    </>
  );
}

function Advice({ text }: { readonly text: string }): ReactElement {
  return (
    <Text c="dimmed" p="xl" ta="center">
      {text}
    </Text>
  );
}
