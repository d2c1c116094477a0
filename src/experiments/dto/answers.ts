import type { RawJson } from '../../metadata/index.js';
import type { Experiment } from '../entities/experiment.entity.js';
import type { Project } from '../entities/project.entity.js';
import type { TrialState } from '../entities/trial-state.js';
import type { Trial } from '../entities/trial.entity.js';

/** A project as answers show it. Times are ISO 8601 in UTC, to the millisecond. */
export interface ProjectAnswer {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly createdAt: string;
}

/** An experiment as answers show it. */
export interface ExperimentAnswer extends RunAnswer {
  readonly name: string;
  readonly projectId: number;
  readonly description: string;
  readonly labels: readonly string[];
}

/** A trial as answers show it. */
export interface TrialAnswer extends RunAnswer {
  readonly number: number | null;
  readonly experimentId: number;
  readonly experimentName: string;
  readonly projectId: number;
  /** Seconds from start to end; null while it has no end. */
  readonly duration: number | null;
  readonly metadata: RawJson;
}

interface RunAnswer {
  readonly id: number;
  readonly state: TrialState;
  readonly archived: boolean;
  readonly startTime: string | null;
  readonly endTime: string | null;
}

export function projectAnswer(project: Project): ProjectAnswer {
  const { id, name, description, archived, createdAt } = project;
  return { id, name, description, archived, createdAt: createdAt.toISOString() };
}

export function experimentAnswer(experiment: Experiment): ExperimentAnswer {
  const { id, name, projectId, description, labels, state, archived } = experiment;
  return { id, name, projectId, description, labels, state, archived, ...times(experiment) };
}

export function trialAnswer(trial: Trial, experiment: Experiment, metadata: RawJson): TrialAnswer {
  const { id, number, state, archived, startTime, endTime } = trial;
  return {
    id,
    number,
    experimentId: experiment.id,
    experimentName: experiment.name,
    projectId: experiment.projectId,
    state,
    archived,
    ...times(trial),
    duration: startTime && endTime ? (endTime.getTime() - startTime.getTime()) / 1000 : null,
    metadata,
  };
}

function times(run: { readonly startTime: Date | null; readonly endTime: Date | null }) {
  return { startTime: run.startTime?.toISOString() ?? null, endTime: run.endTime?.toISOString() ?? null };
}
