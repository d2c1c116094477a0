import { InvalidRequestError } from '../metadata/index.js';
import { checkTimes } from './body/check-times.js';
import type { ChangeRun } from './dto/bodies.js';
import { isEndingState, type TrialState } from './entities/trial-state.js';

/** What an experiment and a trial have in common. */
export interface Run {
  state: TrialState;
  archived: boolean;
  startTime: Date | null;
  endTime: Date | null;
}

/**
 * Changes state, times and the archived mark. Coming to an end sets the end time to `now`, and going on after an end
 * takes it away, unless the change names it.
 * @throws InvalidRequestError `end_before_start`
 */
export function changeRun(run: Run, change: ChangeRun, now: Date): void {
  const hadEnded = isEndingState(run.state);
  run.state = change.state ?? run.state;
  run.archived = change.archived ?? run.archived;
  if (change.startTime !== undefined) run.startTime = change.startTime;
  if (change.endTime !== undefined) run.endTime = change.endTime;
  else if (isEndingState(run.state) && !hadEnded) run.endTime = run.endTime ?? endOf(run, now);
  else if (!isEndingState(run.state) && hadEnded) run.endTime = null;
  const problems = checkTimes(run.startTime, run.endTime);
  if (problems.length > 0) throw new InvalidRequestError(problems);
}

/** Now; or the start, where a client's clock put it ahead of ours. */
function endOf(run: Run, now: Date): Date {
  return run.startTime !== null && run.startTime > now ? run.startTime : now;
}
