import type { JsonObject, JsonValue } from '../shared/metadata.js';
import { readNumber, readNumberOrNull, readObject, readText, readTextOrNull } from './read.js';

/** One row of a search of trials: its columns by the name that the answer gives them, and its metadata. */
export interface TrialRow {
  readonly id: number;
  readonly experimentId: number;
  readonly experimentName: string | null;
  readonly projectId: number | null;
  readonly state: string | null;
  /** ISO 8601, UTC. */
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly metadata: JsonObject;
  /** Everything in the answer, for the columns that were asked for by name. */
  readonly item: JsonObject;
}

export const EMPTY_OBJECT: JsonObject = new Map();

/** @throws UnexpectedAnswerError */
export function readTrialRow(value: JsonValue): TrialRow {
  const item = readObject(value, 'trial');
  return {
    id: readNumber(item.get('id'), 'trial.id'),
    experimentId: readNumberOrNull(item.get('experimentId')) ?? 0,
    experimentName: readTextOrNull(item.get('experimentName')),
    projectId: readNumberOrNull(item.get('projectId')),
    state: readTextOrNull(item.get('state')),
    startTime: readTextOrNull(item.get('startTime')),
    endTime: readTextOrNull(item.get('endTime')),
    metadata: readObject(item.get('metadata') ?? EMPTY_OBJECT, 'trial.metadata'),
    item,
  };
}

/** One row of a search of experiments; `metadata` is that of its best matching trial. */
export interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly projectId: number | null;
  readonly state: string | null;
  readonly startTime: string | null;
  readonly trialCount: number | null;
  readonly matchingTrials: number | null;
  readonly trialId: number | null;
  readonly metadata: JsonObject;
  readonly item: JsonObject;
}

/** @throws UnexpectedAnswerError */
export function readExperimentRow(value: JsonValue): ExperimentRow {
  const item = readObject(value, 'experiment');
  const trial = readObject(item.get('trial') ?? EMPTY_OBJECT, 'experiment.trial');
  return {
    id: readNumber(item.get('id'), 'experiment.id'),
    name: readText(item.get('name') ?? '', 'experiment.name'),
    projectId: readNumberOrNull(item.get('projectId')),
    state: readTextOrNull(item.get('state')),
    startTime: readTextOrNull(item.get('startTime')),
    trialCount: readNumberOrNull(item.get('trialCount')),
    matchingTrials: readNumberOrNull(item.get('matchingTrials')),
    trialId: readNumberOrNull(trial.get('id')),
    metadata: readObject(trial.get('metadata') ?? EMPTY_OBJECT, 'experiment.trial.metadata'),
    item,
  };
}
