import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { formatCount } from '../grid/format.js';
import { JsonNumber, type JsonValue } from '../shared/metadata.js';
import { drawable, groupName, reader } from './chart-values.js';
import { EChart } from './echart.js';
import { useChartRows } from './use-chart-rows.js';

/** More lines than this only make a blot. */
const MAX_LINES = 500;

interface ParallelChartProps {
  readonly projectId: number | undefined;
  readonly filter: JsonValue;
  readonly axes: readonly string[];
}

/** Several fields side by side, a line a trial that has them all; a click on a line opens the trial. */
export function ParallelChart({ projectId, filter, axes }: ParallelChartProps): ReactElement {
  const navigate = useNavigate();
  const query = useChartRows(projectId, filter, axes);
  const { lines, kinds } = useMemo(() => {
    const rows = query.data?.rows ?? [];
    const readers = axes.map(reader);
    const numeric = readers.map((read) =>
      rows.every((row) => read(row) === undefined || read(row) instanceof JsonNumber),
    );
    const whole = spread(rows.filter((row) => readers.every((read) => read(row) !== undefined)));
    return {
      kinds: numeric,
      lines: whole.map((row) => ({
        id: row.id,
        values: readers.map((read, index) =>
          numeric[index] === true ? drawable(read(row)) : groupName(read(row)),
        ),
      })),
    };
  }, [query.data, axes]);
  const option = useMemo(
    () => ({
      parallel: { left: 60, right: 90, top: 50, bottom: 30 },
      parallelAxis: axes.map((field, dim) => ({
        dim,
        name: fieldLabel(field),
        nameTextStyle: { width: 150, overflow: 'truncate' },
        ...(kinds[dim] === true
          ? { type: 'value', scale: true }
          : {
              type: 'category',
              data: [...new Set(lines.map(({ values }) => String(values[dim])))].sort(),
              axisLabel: { width: 130, overflow: 'truncate' },
            }),
      })),
      series: [
        {
          type: 'parallel',
          smooth: false,
          lineStyle: { width: 1.5, opacity: 0.35, color: '#1c7ed6' },
          emphasis: { lineStyle: { width: 3, opacity: 1 } },
          data: lines.map(({ values }) => values),
        },
      ],
    }),
    [axes, kinds, lines],
  );
  return (
    <>
      <QueryState query={query} label="the lines" />
      {query.data !== undefined && lines.length === 0 && (
        <Text p="md">No trial of this filter has all of these fields.</Text>
      )}
      {lines.length > 0 && (
        <>
          <Text size="xs" c="dimmed">
            {formatCount(lines.length)} trials
            {lines.length === MAX_LINES ? ' (spread evenly over all that have these fields)' : ''}
          </Text>
          <EChart
            label={`Parallel coordinates of ${axes.map(fieldLabel).join(', ')}`}
            option={option}
            height={480}
            onPick={(index) => {
              const id = lines[index]?.id;
              if (id !== undefined) void navigate({ to: '/trials/$trialId', params: { trialId: id } });
            }}
          />
        </>
      )}
    </>
  );
}

/** As many as are drawn, taken evenly. */
function spread<Row>(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MAX_LINES) return rows;
  return Array.from(
    { length: MAX_LINES },
    (_, index) => rows[Math.floor((index * rows.length) / MAX_LINES)],
  ).filter((row) => row !== undefined);
}
