import { Anchor, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { aggregateTrials, type MeasureOp, type TrialGroup } from '../api/aggregate.js';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { formatCount } from '../grid/format.js';
import { writeJson, type JsonValue } from '../shared/metadata.js';
import { boxplotOption, type Box } from './boxplot-option.js';
import { groupKey, groupName } from './chart-values.js';
import { EChart } from './echart.js';

const OPS: readonly MeasureOp[] = ['count', 'min', 'p25', 'median', 'p75', 'p95', 'max', 'mean'];
const NUMBER = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });
/** As many boxes are drawn; the table has them all. */
const MAX_BOXES = 40;

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
  const groups = useQuery({
    queryKey: ['groups', projectId ?? null, writeJson(filter), measure, by],
    queryFn: ({ signal }) =>
      aggregateTrials({ projectId, filter, groupBy: [by], field: measure, ops: OPS }, signal),
    placeholderData: keepPreviousData,
  });
  const shown = useMemo(
    () => (groups.data?.groups ?? []).filter((group) => (group.values.get('count') ?? 0) > 0).sort(byMedian),
    [groups.data],
  );
  const boxes = useMemo(
    (): readonly Box[] =>
      shown.slice(0, MAX_BOXES).map((group) => ({
        name: groupName(valueOf(group, by)),
        count: group.count,
        numbers: boxOf(group),
        p95: group.values.get('p95') ?? null,
      })),
    [shown, by],
  );
  const option = useMemo(() => boxplotOption(boxes, fieldLabel(measure), log), [boxes, measure, log]);
  const open = (group: TrialGroup | undefined): void => {
    if (group?.filter != null) void navigate({ to: '/trials', search: searchOf(projectId, group.filter) });
  };

  return (
    <>
      <QueryState query={groups} label="the groups" />
      {groups.data !== undefined && shown.length === 0 && (
        <Text p="md">No trial of this filter has a number at {fieldLabel(measure)}.</Text>
      )}
      {shown.length > 0 && (
        <>
          <EChart
            label={`Box plot of ${fieldLabel(measure)} by ${fieldLabel(by)}; the table below holds its numbers`}
            option={option}
            height={Math.max(180, Math.min(boxes.length, MAX_BOXES) * 30 + 70)}
            onPick={(index) => open(shown[index])}
          />
          <Text size="xs" c="dimmed" ta="end">
            Boxes: from p25 to p75, with the median; lines: from the smallest to the largest; diamonds: p95
          </Text>
          <GroupTable groups={shown} measure={measure} by={by} projectId={projectId} />
          {groups.data?.truncated === true && <Text size="sm">Only the 200 largest groups are shown.</Text>}
        </>
      )}
    </>
  );
}

interface GroupTableProps {
  readonly groups: readonly TrialGroup[];
  readonly measure: string;
  readonly by: string;
  readonly projectId: number | undefined;
}

function GroupTable({ groups, measure, by, projectId }: GroupTableProps): ReactElement {
  return (
    <Table.ScrollContainer minWidth={560} mt="md">
      <Table striped withTableBorder captionSide="top">
        <Table.Caption>
          {fieldLabel(measure)} by {fieldLabel(by)}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{fieldLabel(by)}</Table.Th>
            <Table.Th ta="end">Trials</Table.Th>
            {OPS.filter((op) => op !== 'count').map((op) => (
              <Table.Th key={op} ta="end">
                {op}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <Table.Tr key={groupKey(valueOf(group, by))}>
              <Table.Td dir="auto">
                {group.filter === null ? (
                  groupName(valueOf(group, by))
                ) : (
                  <Anchor
                    size="sm"
                    renderRoot={(props) => (
                      <Link to="/trials" search={searchOf(projectId, group.filter)} {...props} />
                    )}
                  >
                    {groupName(valueOf(group, by))}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td ta="end">{formatCount(group.count)}</Table.Td>
              {OPS.filter((op) => op !== 'count').map((op) => {
                const number = group.values.get(op) ?? null;
                return (
                  <Table.Td key={op} ta="end">
                    {number === null ? '–' : NUMBER.format(number)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Null when a number is too large to be drawn. */
function boxOf({ values }: TrialGroup): Box['numbers'] {
  const at = (op: MeasureOp): number => values.get(op) ?? Number.NaN;
  const numbers = [at('min'), at('p25'), at('median'), at('p75'), at('max')] as const;
  return numbers.every(Number.isFinite) ? numbers : null;
}

function valueOf(group: TrialGroup, by: string): JsonValue | undefined {
  return group.missing.includes(by) ? undefined : (group.key.get(by) ?? null);
}

function byMedian(a: TrialGroup, b: TrialGroup): number {
  return (a.values.get('median') ?? Infinity) - (b.values.get('median') ?? Infinity);
}

function searchOf(projectId: number | undefined, filter: JsonValue): Record<string, string> {
  return { ...(projectId === undefined ? {} : { project: String(projectId) }), filter: writeJson(filter) };
}
