import { TRIAL_COLUMNS } from '../experiments/index.js';
import type { Column } from '../metadata/index.js';
import type { ColumnType } from './filter/column-type.js';

/** Where Determined says that a column is. */
export type Location = 'LOCATION_TYPE_RUN' | 'LOCATION_TYPE_EXPERIMENT';

/**
 * What a column of Determined's is here: one of ours, or `absent` where runs of ours have no such value (no searcher, no
 * checkpoints), so that a filter finds it empty.
 */
export type RunColumn = Column | 'absent';

const RUN_COLUMNS: Readonly<Record<string, string>> = {
  id: 'trial.id',
  state: 'trial.state',
  startTime: 'trial.startTime',
  endTime: 'trial.endTime',
  duration: 'trial.duration',
  experimentId: 'experiment.id',
  experimentName: 'experiment.name',
  experimentDescription: 'experiment.description',
  tags: 'experiment.labels',
  projectId: 'project.id',
};

const EXPERIMENT_COLUMNS: Readonly<Record<string, string>> = {
  id: 'experiment.id',
  name: 'experiment.name',
  description: 'experiment.description',
  tags: 'experiment.labels',
  state: 'experiment.state',
  startTime: 'experiment.startTime',
  endTime: 'experiment.endTime',
  projectId: 'project.id',
};

const ABSENT: Readonly<Record<Location, readonly string[]>> = {
  LOCATION_TYPE_RUN: [
    'searcherType',
    'searcherMetric',
    'searcherMetricsVal',
    'experimentProgress',
    'user',
    'forkedFrom',
    'resourcePool',
    'checkpointSize',
    'checkpointCount',
    'externalExperimentId',
    'externalRunId',
    'localId',
    'isExpMultitrial',
    'parentArchived',
  ],
  LOCATION_TYPE_EXPERIMENT: [
    'duration',
    'searcherType',
    'searcherMetric',
    'searcherMetricsVal',
    'numTrials',
    'progress',
    'user',
    'forkedFrom',
    'resourcePool',
    'checkpointSize',
    'checkpointCount',
    'externalExperimentId',
    'externalTrialId',
  ],
};

/** The column of that name; undefined when Determined has none either. */
export function runColumn(name: string, location: Location): RunColumn | undefined {
  const columns = location === 'LOCATION_TYPE_RUN' ? RUN_COLUMNS : EXPERIMENT_COLUMNS;
  const ours = Object.hasOwn(columns, name) ? TRIAL_COLUMNS.get(columns[name] ?? '') : undefined;
  return ours ?? (ABSENT[location].includes(name) ? 'absent' : undefined);
}

/** Names of values that runs of Determined have and ours do not: hyperparameters and summaries of metrics. */
export function isAbsentName(name: string): boolean {
  return name.startsWith('hp.') || /^[^.]+\..+\.(min|max|mean|last)$/.test(name);
}

/** The columns that tables of runs may show beside metadata, as Determined orders and calls them. */
export const TABLE_COLUMNS: readonly (readonly [name: string, displayName: string, type: ColumnType])[] = [
  ['id', 'Global Run ID', 'COLUMN_TYPE_NUMBER'],
  ['experimentDescription', 'Search Description', 'COLUMN_TYPE_TEXT'],
  ['tags', 'Tags', 'COLUMN_TYPE_TEXT'],
  ['startTime', 'Start Time', 'COLUMN_TYPE_DATE'],
  ['endTime', 'End Time', 'COLUMN_TYPE_DATE'],
  ['duration', 'Duration', 'COLUMN_TYPE_NUMBER'],
  ['state', 'State', 'COLUMN_TYPE_TEXT'],
  ['projectId', 'Project ID', 'COLUMN_TYPE_NUMBER'],
  ['experimentId', 'Search ID', 'COLUMN_TYPE_NUMBER'],
  ['experimentName', 'Search Name', 'COLUMN_TYPE_TEXT'],
];
