import type { Problem } from '../../metadata/index.js';

/** The problem of an end before its start, if so. */
export function checkTimes(start: Date | null | undefined, end: Date | null | undefined): readonly Problem[] {
  if (!start || !end || end.getTime() >= start.getTime()) return [];
  const message = `The end lies before the start, ${start.toISOString()}. Give a later end, or an earlier start.`;
  return [{ path: 'endTime', code: 'end_before_start', message }];
}
