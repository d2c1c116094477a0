import { isTrialState, type TrialState } from '../../experiments/index.js';

/** States of Determined's that have no like here, and what they come to. */
const STATES: Readonly<Record<string, TrialState>> = {
  STOPPING_COMPLETED: 'COMPLETED',
  STOPPING_CANCELED: 'CANCELED',
  STOPPING_KILLED: 'CANCELED',
  STOPPING_ERROR: 'ERROR',
  QUEUED: 'ACTIVE',
  PULLING: 'ACTIVE',
  STARTING: 'ACTIVE',
};

/** The state as ours; what was being deleted, and what is not known, is as good as canceled. */
export function sourceState(state: string | null): TrialState {
  const name = state ?? '';
  return isTrialState(name) ? name : (STATES[name] ?? 'CANCELED');
}
