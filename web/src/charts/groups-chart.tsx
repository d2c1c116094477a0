import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { aggregateTrials, type MeasureOp, type TrialGroup } from '../api/aggregate.js';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';
import { boxplotOption } from './boxplot-option.js';
import { ChartNotes } from './chart-notes.js';
import { groupSearch, numbersOf } from './chart-values.js';
import { EChart } from './echart.js';
import { byMedian, groupBoxes } from './group-boxes.js';
import { GroupTable } from './group-table.js';

/** The columns of the table, beside the counts. */
const OPS: readonly MeasureOp[] = ['min', 'p25', 'median', 'p75', 'p95', 'max', 'mean'];

interface GroupsChartProps {
  readonly projectId: number | undefined;
  readonly filter: JsonValue;
  readonly measure: string;
  readonly by: string;
  readonly log: boolean;
}

/**
 * A number by groups of another field: a box plot and a table, both of every matching trial. A click on either opens the
 * trials.
 */
export function GroupsChart({ projectId, filter, measure, by, log }: GroupsChartProps): ReactElement {
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['groups', projectId ?? null, writeJson(filter), measure, by],
    queryFn: ({ signal }) =>
      aggregateTrials({ projectId, filter, groupBy: [by], field: measure, ops: ['count', ...OPS] }, signal),
    // The numbers of another field would stand below this one's name.
    placeholderData: (previous, of) =>
      of?.queryKey[3] === measure && of.queryKey[4] === by ? keepPreviousData(previous) : undefined,
    staleTime: 60_000,
  });
  const { boxes, notes, option, sorted } = useMemo(() => {
    const answer = query.data ?? { groups: [], truncated: false };
    const drawn = groupBoxes(answer, by, log);
    return {
      ...drawn,
      option: boxplotOption(drawn.boxes, fieldLabel(measure), drawn.log),
      sorted: [...answer.groups].sort(byMedian),
    };
  }, [query.data, measure, by, log]);
  const open = (group: TrialGroup | undefined): void => {
    if (group?.filter !== undefined && group.filter !== null)
      void navigate({ to: '/trials', search: groupSearch(projectId, group.filter) });
  };

  return (
    <>
      <QueryState query={query} label="the groups" />
      {query.data !== undefined && sorted.every((group) => numbersOf(group) === 0) && (
        <Text p="md">No trial of this filter has a number at {fieldLabel(measure)}.</Text>
      )}
      <ChartNotes notes={notes} />
      {boxes.length > 0 && (
        <>
          <EChart
            label={`Box plot of ${fieldLabel(measure)} by ${fieldLabel(by)}; the table below holds its numbers`}
            option={option}
            height={Math.max(180, boxes.length * 30 + 70)}
            onPick={(index) => open(boxes[index]?.group)}
          />
          <Text size="xs" c="dimmed" ta="end">
            Boxes: from p25 to p75, with the median; lines: from the smallest to the largest; diamonds: p95;
            in brackets: how many numbers
          </Text>
        </>
      )}
      {sorted.length > 0 && (
        <GroupTable groups={sorted} measure={measure} by={by} ops={OPS} projectId={projectId} />
      )}
    </>
  );
}
