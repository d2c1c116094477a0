import { useComputedColorScheme } from '@mantine/core';
import { BoxplotChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, ParallelComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';

register([
  BoxplotChart,
  ParallelChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  ParallelComponent,
  TooltipComponent,
  CanvasRenderer,
]);

interface EChartProps {
  /** What is drawn, in words. */
  readonly label: string;
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly onPick: (dataIndex: number, seriesIndex: number) => void;
}

/** One drawing of ECharts, on a canvas: it needs no inline styles, and text in it is never markup. */
export function EChart({ label, option, height, onPick }: EChartProps): ReactElement {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const scheme = useComputedColorScheme('light');
  const pick = useRef(onPick);
  useLayoutEffect(() => {
    pick.current = onPick;
  });

  useEffect(() => {
    if (element.current === null) return;
    const made = init(element.current, scheme === 'dark' ? 'dark' : null, { renderer: 'canvas' });
    chart.current = made;
    made.on('click', ({ dataIndex, seriesIndex }) => pick.current(dataIndex, seriesIndex ?? 0));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [scheme]);

  useEffect(() => {
    chart.current?.setOption(
      { backgroundColor: 'transparent', animation: false, ...option },
      { notMerge: true },
    );
  }, [option, scheme]);

  return <div ref={element} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
