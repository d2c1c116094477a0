import type { JsonType } from '../shared/metadata.js';

/** A column of the host's that filters and sorts may name beside metadata. */
export interface HostField {
  /** As requests write it. */
  readonly field: string;
  readonly label: string;
  readonly group: 'Trial' | 'Experiment' | 'Project';
  readonly type: HostType;
  /** The member of an answer's item that carries it. */
  readonly item: string;
}

export type HostType = 'number' | 'seconds' | 'text' | 'boolean' | 'instant' | 'state' | 'texts';

/** The states that a trial or an experiment may be in. */
export const STATES = ['ACTIVE', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELED', 'ERROR'] as const;

export const HOST_FIELDS: readonly HostField[] = [
  { field: 'trial.id', label: 'Trial ID', group: 'Trial', type: 'number', item: 'id' },
  { field: 'trial.number', label: 'Trial number', group: 'Trial', type: 'number', item: 'number' },
  { field: 'trial.state', label: 'State', group: 'Trial', type: 'state', item: 'state' },
  { field: 'trial.startTime', label: 'Started', group: 'Trial', type: 'instant', item: 'startTime' },
  { field: 'trial.endTime', label: 'Ended', group: 'Trial', type: 'instant', item: 'endTime' },
  { field: 'trial.duration', label: 'Duration', group: 'Trial', type: 'seconds', item: 'duration' },
  { field: 'trial.archived', label: 'Archived', group: 'Trial', type: 'boolean', item: 'archived' },
  {
    field: 'experiment.id',
    label: 'Experiment ID',
    group: 'Experiment',
    type: 'number',
    item: 'experimentId',
  },
  {
    field: 'experiment.name',
    label: 'Experiment',
    group: 'Experiment',
    type: 'text',
    item: 'experimentName',
  },
  {
    field: 'experiment.description',
    label: 'Description',
    group: 'Experiment',
    type: 'text',
    item: 'experimentDescription',
  },
  {
    field: 'experiment.labels',
    label: 'Labels',
    group: 'Experiment',
    type: 'texts',
    item: 'experimentLabels',
  },
  {
    field: 'experiment.state',
    label: 'Experiment state',
    group: 'Experiment',
    type: 'state',
    item: 'experimentState',
  },
  {
    field: 'experiment.startTime',
    label: 'Experiment started',
    group: 'Experiment',
    type: 'instant',
    item: 'experimentStartTime',
  },
  {
    field: 'experiment.endTime',
    label: 'Experiment ended',
    group: 'Experiment',
    type: 'instant',
    item: 'experimentEndTime',
  },
  {
    field: 'experiment.archived',
    label: 'Experiment archived',
    group: 'Experiment',
    type: 'boolean',
    item: 'experimentArchived',
  },
  { field: 'project.id', label: 'Project ID', group: 'Project', type: 'number', item: 'projectId' },
  { field: 'project.name', label: 'Project', group: 'Project', type: 'text', item: 'projectName' },
];

export function isState(text: string): boolean {
  return STATES.some((state) => state === text);
}

/** A state as the page writes it: `Completed`. */
export function stateLabel(state: string): string {
  return state.charAt(0) + state.slice(1).toLowerCase().replaceAll('_', ' ');
}

/** The state that somebody means who types its label, in whatever case; other text is as it is. */
export function stateOfLabel(text: string): string {
  return STATES.find((state) => stateLabel(state).toLowerCase() === text.trim().toLowerCase()) ?? text;
}

const byField = new Map(HOST_FIELDS.map((field) => [field.field, field]));

export function hostField(field: string): HostField | undefined {
  return byField.get(field);
}

/** The JSON types that a host column's value has in a filter. */
export function jsonTypesOfHost(type: HostType): readonly JsonType[] {
  switch (type) {
    case 'number':
    case 'seconds':
      return ['number'];
    case 'boolean':
      return ['boolean'];
    case 'texts':
      return ['array'];
    case 'text':
    case 'state':
    case 'instant':
      return ['string'];
  }
}
