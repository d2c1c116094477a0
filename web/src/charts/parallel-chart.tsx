import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import type { JsonValue } from '../shared/metadata.js';
import { ChartNotes } from './chart-notes.js';
import { EChart } from './echart.js';
import { parallelLines } from './parallel-lines.js';
import { NO_ROWS, useChartRows } from './use-chart-rows.js';

interface ParallelChartProps {
  readonly projectId: number | undefined;
  readonly filter: JsonValue;
  readonly axes: readonly string[];
}

/** Several fields side by side, a line a trial that has them all; a click on a line opens the trial. */
export function ParallelChart({ projectId, filter, axes }: ParallelChartProps): ReactElement {
  const navigate = useNavigate();
  const query = useChartRows(projectId, filter, axes);
  const { lines, numeric, notes } = useMemo(
    () => parallelLines(query.data ?? NO_ROWS, axes),
    [query.data, axes],
  );
  const option = useMemo(
    () => ({
      parallel: { left: 60, right: 90, top: 50, bottom: 30 },
      parallelAxis: axes.map((field, dim) => ({
        dim,
        name: fieldLabel(field),
        nameTextStyle: { width: 150, overflow: 'truncate' },
        ...(numeric[dim] === true
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
    [axes, numeric, lines],
  );
  return (
    <>
      <QueryState query={query} label="the lines" />
      {query.data !== undefined && lines.length === 0 && (
        <Text p="md">No trial of this filter can be drawn.</Text>
      )}
      {query.data !== undefined && query.data.rows.length > 0 && <ChartNotes notes={notes} />}
      {lines.length > 0 && (
        <EChart
          label={`Parallel coordinates of ${axes.map(fieldLabel).join(', ')}`}
          option={option}
          height={480}
          onPick={(index) => {
            const id = lines[index]?.id;
            if (id !== undefined) void navigate({ to: '/trials/$trialId', params: { trialId: id } });
          }}
        />
      )}
    </>
  );
}
