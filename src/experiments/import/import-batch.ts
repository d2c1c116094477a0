import type { ImportLine } from './import-line.js';

/** A line that was read without fault, and where it stood. */
export interface ReadLine {
  readonly number: number;
  readonly line: ImportLine;
}

/** What became of a line. */
export type ImportOutcome = 'created' | 'updated' | 'unchanged';

/** A line that did not go in, and the error that says why. */
export interface RefusedLine {
  readonly number: number;
  readonly error: Error;
}

/** Lines that are written together, none of them naming the trial of another. */
export interface ImportBatch {
  readonly lines: readonly ReadLine[];
  readonly refused: readonly RefusedLine[];
  /** The trials of the lines, as `trialKey` gives them. */
  readonly keys: ReadonlySet<string>;
}

/** What identifies the trial of a line. */
export function trialKey(line: ImportLine): string {
  return JSON.stringify([line.project, line.experiment, line.trial]);
}
