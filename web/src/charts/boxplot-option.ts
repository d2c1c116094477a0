import type { EChartsCoreOption } from 'echarts/core';
import { formatNumber } from '../grid/format.js';
import { JsonNumber } from '../shared/metadata.js';

/** One box. */
export interface Box {
  readonly name: string;
  /** How many numbers it is of. */
  readonly count: number;
  /** The smallest, the quartiles and the largest. */
  readonly numbers: readonly [number, number, number, number, number];
  /** The 95th percentile. */
  readonly p95: number;
}

/** A box plot lying on its side, since names of groups are long. The first box is at the top. */
export function boxplotOption(boxes: readonly Box[], measure: string, log: boolean): EChartsCoreOption {
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 36, containLabel: true },
    tooltip: { trigger: 'item', renderMode: 'richText', confine: true },
    yAxis: {
      type: 'category',
      inverse: true,
      data: boxes.map(({ name, count }) => `${name} (${count})`),
      axisLabel: { width: 240, overflow: 'truncate' },
    },
    xAxis: {
      type: log ? 'log' : 'value',
      name: measure,
      nameLocation: 'middle',
      nameGap: 26,
      scale: true,
      axisLabel: {
        hideOverlap: true,
        formatter: (value: number) => formatNumber(new JsonNumber(String(value))),
      },
    },
    series: [
      {
        type: 'boxplot',
        layout: 'vertical',
        boxWidth: [6, 18],
        cursor: 'pointer',
        itemStyle: { color: '#74c0fc', borderColor: '#1c7ed6' },
        data: boxes.map(({ numbers }) => numbers),
        encode: { tooltip: [1, 2, 3, 4, 5] },
      },
      {
        type: 'scatter',
        name: '95th percentile',
        symbol: 'diamond',
        symbolSize: 9,
        cursor: 'pointer',
        itemStyle: { color: '#e8590c' },
        data: boxes.map(({ p95 }, index) => [p95, index]),
        encode: { tooltip: [0] },
      },
    ],
  };
}
