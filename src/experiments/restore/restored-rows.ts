import type { JsonObject } from '../../metadata/index.js';
import type { TrialState } from '../entities/trial-state.js';

/** A project as another tracker had it. */
export interface RestoredProject {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly createdAt: Date;
}

interface RestoredRun {
  readonly id: number;
  readonly state: TrialState;
  readonly archived: boolean;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
}

/** An experiment as another tracker had it. */
export interface RestoredExperiment extends RestoredRun {
  readonly projectId: number;
  readonly name: string;
  readonly description: string;
  readonly labels: readonly string[];
}

/** A trial as another tracker had it. */
export interface RestoredTrial extends RestoredRun {
  readonly experimentId: number;
  /** Absent: what the trial has stays. */
  readonly metadata?: JsonObject;
}

/** What became of a row; an error says why it was left out. */
export type RestoreResult = 'created' | 'updated' | 'unchanged' | Error;
