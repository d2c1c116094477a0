/** Every state a trial or an experiment may be in; any may follow any other. */
export const TRIAL_STATES = ['ACTIVE', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELED', 'ERROR'] as const;

export type TrialState = (typeof TRIAL_STATES)[number];

/** The states in which nothing runs any more: entering one sets the end time when none is given. */
export const ENDING_STATES = ['COMPLETED', 'CANCELED', 'ERROR'] as const satisfies readonly TrialState[];

export function isTrialState(value: unknown): value is TrialState {
  return (TRIAL_STATES as readonly unknown[]).includes(value);
}

export function isEndingState(state: TrialState): boolean {
  return (ENDING_STATES as readonly TrialState[]).includes(state);
}
