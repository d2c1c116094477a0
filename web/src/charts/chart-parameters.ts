import { isField } from '../fields/metadata-field.js';
import { joinFields, splitFields } from '../view/list-text.js';
import type { SearchParameters } from '../view/view.js';

export type ChartKind = 'groups' | 'scatter' | 'parallel';

/** What a chart shows, beside the view's project and filter: all of it in the address. */
export interface ChartParameters {
  readonly kind: ChartKind;
  /** The number that is drawn; undefined for the likeliest one. */
  readonly measure: string | undefined;
  /** What makes the groups, or colours the points. */
  readonly by: string | undefined;
  /** The other number of a scatter chart. */
  readonly x: string | undefined;
  /** The axes of parallel coordinates. */
  readonly axes: readonly string[];
  readonly log: boolean;
}

export function readChartParameters(parameters: SearchParameters): ChartParameters {
  const kind = parameters['chart'];
  return {
    kind: kind === 'scatter' || kind === 'parallel' ? kind : 'groups',
    measure: fieldOf(parameters['measure']),
    by: fieldOf(parameters['by']),
    x: fieldOf(parameters['x']),
    axes: splitFields(parameters['axes'] ?? ''),
    log: parameters['scale'] === 'log',
  };
}

/** The address's parameters with the chart's changed. */
export function writeChartParameters(parameters: SearchParameters, chart: ChartParameters): SearchParameters {
  const {
    chart: _chart,
    measure: _measure,
    by: _by,
    x: _x,
    axes: _axes,
    scale: _scale,
    ...rest
  } = parameters;
  return {
    ...rest,
    ...(chart.kind === 'groups' ? {} : { chart: chart.kind }),
    ...(chart.measure === undefined ? {} : { measure: chart.measure }),
    ...(chart.by === undefined ? {} : { by: chart.by }),
    ...(chart.x === undefined ? {} : { x: chart.x }),
    ...(chart.axes.length === 0 ? {} : { axes: joinFields(chart.axes) }),
    ...(chart.log ? { scale: 'log' } : {}),
  };
}

function fieldOf(text: string | undefined): string | undefined {
  return text !== undefined && isField(text) ? text : undefined;
}
