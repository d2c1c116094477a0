import type { ProblemAnswer } from './problem-details.js';

/** An error whose answer is settled: for a module that answers a route of another one in a form of its own. */
export class SettledError extends Error {
  constructor(readonly answer: ProblemAnswer) {
    super('The answer is settled');
    this.name = 'SettledError';
  }
}
