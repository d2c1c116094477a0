import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { QueryState } from '../app/query-state.js';
import { fieldLabel } from '../fields/metadata-field.js';
import { formatCount } from '../grid/format.js';
import type { JsonValue } from '../shared/metadata.js';
import { ChartNotes } from './chart-notes.js';
import { EChart } from './echart.js';
import { scatterPoints, type ScatterFields } from './scatter-points.js';
import { NO_ROWS, useChartRows } from './use-chart-rows.js';

/** Colours that tell apart without red against green (Okabe and Ito). */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#868e96'];

interface ScatterChartProps extends ScatterFields {
  readonly projectId: number | undefined;
  readonly filter: JsonValue;
}

/** Two numbers against each other, a point a trial; a click opens the trial. */
export function ScatterChart({ projectId, filter, x, y, by, log }: ScatterChartProps): ReactElement {
  const navigate = useNavigate();
  const query = useChartRows(projectId, filter, [x, y, ...(by === undefined ? [] : [by])]);
  const { groups, count, note } = useMemo(
    () => scatterPoints(query.data ?? NO_ROWS, { x, y, by, log }),
    [query.data, x, y, by, log],
  );
  const series = useMemo(() => {
    const rest = groups.slice(COLOURS.length - 1).flatMap(([, points]) => points);
    return rest.length === 0 ? groups : [...groups.slice(0, COLOURS.length - 1), ['others', rest] as const];
  }, [groups]);
  const option = useMemo(
    () => ({
      color: COLOURS,
      grid: { left: 16, right: 24, top: 64, bottom: 40, containLabel: true },
      legend: by === undefined ? { show: false } : { type: 'plain', top: 0 },
      tooltip: {
        trigger: 'item',
        renderMode: 'richText',
        confine: true,
        formatter: ({ data, seriesName }: { data: readonly [number, number, number]; seriesName: string }) =>
          `Trial ${data[2]}\n${by === undefined ? '' : `${seriesName}\n`}${data[0]}, ${data[1]}`,
      },
      xAxis: {
        type: log ? 'log' : 'value',
        name: fieldLabel(x),
        nameLocation: 'middle',
        nameGap: 26,
        scale: true,
      },
      yAxis: {
        type: log ? 'log' : 'value',
        name: fieldLabel(y),
        scale: true,
        nameTextStyle: { align: 'left' },
      },
      series: series.map(([name, points]) => ({
        type: 'scatter',
        name,
        symbolSize: 7,
        cursor: 'pointer',
        itemStyle: { opacity: 0.75 },
        data: points.map(({ point, id }) => [...point, id]),
      })),
    }),
    [series, x, y, by, log],
  );
  return (
    <>
      <QueryState query={query} label="the points" />
      {query.data !== undefined && count === 0 && <Text p="md">No trial of this filter can be drawn.</Text>}
      {query.data !== undefined && query.data.rows.length > 0 && <ChartNotes notes={[note]} />}
      {count > 0 && (
        <EChart
          label={`${formatCount(count)} trials: ${fieldLabel(y)} against ${fieldLabel(x)}`}
          option={option}
          height={480}
          onPick={(dataIndex, seriesIndex) => {
            const id = series[seriesIndex]?.[1][dataIndex]?.id;
            if (id !== undefined) void navigate({ to: '/trials/$trialId', params: { trialId: id } });
          }}
        />
      )}
    </>
  );
}
