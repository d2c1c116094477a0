import type { Project, TrialItem } from '../../experiments/index.js';
import { parseJson, RawJson, toPlain, type PlainJson } from '../../metadata/index.js';

/** A run as Determined lists it: a trial with its experiment, project and workspace. */
export type FlatRun = Readonly<Record<string, unknown>>;

/** Projects of ours are in no workspace; Determined puts such into its first one. */
const WORKSPACE = { workspaceId: 1, workspaceName: 'Uncategorized' } as const;

/** The columns that {@link flatRun} needs of a trial, beside its ids. */
export const FLAT_RUN_COLUMNS: readonly string[] = [
  'trial.state',
  'trial.archived',
  'trial.startTime',
  'trial.endTime',
  'trial.duration',
  'experiment.name',
  'experiment.description',
  'experiment.labels',
  'experiment.archived',
  'project.name',
];

/** @param trialCount of the run's experiment */
export function flatRun(trial: TrialItem, project: Project | undefined, trialCount: number): FlatRun {
  const of = (name: string): PlainJson => plain(trial[name]);
  const state = of('state');
  const { metadata } = trial;
  const labels = trial['experimentLabels'];
  return {
    id: of('id'),
    startTime: of('startTime'),
    ...(of('endTime') === null ? {} : { endTime: of('endTime') }),
    ...(of('duration') === null ? {} : { duration: Math.trunc(Number(of('duration'))) }),
    state: `STATE_${typeof state === 'string' ? state : 'UNSPECIFIED'}`,
    labels: labels instanceof RawJson ? labels.text : '[]',
    checkpointSize: '0',
    checkpointCount: 0,
    projectId: of('projectId'),
    projectName: of('projectName'),
    ...WORKSPACE,
    archived: of('archived') === true || of('experimentArchived') === true,
    parentArchived: project?.archived ?? false,
    summaryMetrics: {},
    experiment: {
      id: of('experimentId'),
      name: of('experimentName'),
      description: of('experimentDescription'),
      isMultitrial: trialCount > 1,
      progress: 0,
      resourcePool: '',
      searcherMetric: '',
      searcherType: '',
      unmanaged: true,
    },
    ...(metadata instanceof RawJson && metadata.text !== '{}' ? { metadata } : {}),
  };
}

/** The value of a column, all of which are small and have no digits to lose. */
function plain(value: unknown): PlainJson {
  return value instanceof RawJson ? toPlain(parseJson(value.text)) : null;
}
