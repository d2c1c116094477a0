import type { JsonObject, JsonValue } from '../shared/metadata.js';
import { readNumber, readNumberOrNull, readObject, readText, readTextOrNull, readTexts } from './read.js';
import { apiPath, request } from './request.js';

/** One trial, without its metadata. */
export interface TrialDetails {
  readonly id: number;
  readonly number: number | null;
  readonly experimentId: number;
  readonly experimentName: string;
  readonly projectId: number;
  readonly state: string;
  readonly archived: boolean;
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** Seconds. */
  readonly duration: number | null;
  /** Metrics, where the host has any. */
  readonly metrics: JsonObject | null;
}

/** One experiment. */
export interface ExperimentDetails {
  readonly id: number;
  readonly name: string;
  readonly projectId: number;
  readonly description: string;
  readonly labels: readonly string[];
  readonly state: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
}

export async function getTrial(id: number, signal?: AbortSignal): Promise<TrialDetails> {
  const answer = readObject(await request({ path: apiPath`/trials/${id}`, signal }), 'answer');
  const trial = readObject(answer.get('trial'), 'trial');
  const metrics = trial.get('metrics') ?? trial.get('summaryMetrics');
  return {
    id: readNumber(trial.get('id'), 'trial.id'),
    number: readNumberOrNull(trial.get('number')),
    experimentId: readNumber(trial.get('experimentId'), 'trial.experimentId'),
    experimentName: readTextOrNull(trial.get('experimentName')) ?? '',
    projectId: readNumber(trial.get('projectId'), 'trial.projectId'),
    state: readTextOrNull(trial.get('state')) ?? '',
    archived: trial.get('archived') === true,
    startTime: readTextOrNull(trial.get('startTime')),
    endTime: readTextOrNull(trial.get('endTime')),
    duration: readNumberOrNull(trial.get('duration')),
    metrics: nonEmpty(metrics),
  };
}

export async function getExperiment(id: number, signal?: AbortSignal): Promise<ExperimentDetails> {
  const answer = readObject(await request({ path: apiPath`/experiments/${id}`, signal }), 'answer');
  const experiment = readObject(answer.get('experiment'), 'experiment');
  return {
    id: readNumber(experiment.get('id'), 'experiment.id'),
    name: readText(experiment.get('name'), 'experiment.name'),
    projectId: readNumber(experiment.get('projectId'), 'experiment.projectId'),
    description: readTextOrNull(experiment.get('description')) ?? '',
    labels: readTexts(experiment.get('labels')),
    state: readTextOrNull(experiment.get('state')) ?? '',
    startTime: readTextOrNull(experiment.get('startTime')),
    endTime: readTextOrNull(experiment.get('endTime')),
  };
}

function nonEmpty(value: JsonValue | undefined): JsonObject | null {
  return value instanceof Map && value.size > 0 ? (value as JsonObject) : null;
}
