import type { components } from './generated/api-types.js';

/** Problem details (RFC 9457) as the API answers them. */
export type Problem = components['schemas']['Problem'];

/** The server refused a request, and said why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** The status of the answer; it is in the problem as well, where that could be read. */
    readonly status: number,
    /** What the server said; of an answer that is no problem details, such as a proxy's, only what its status means. */
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
  }

  /** The kind of error, e.g. `trial_not_found`; undefined when the answer was no problem details. */
  get code(): string | undefined {
    return this.problem.code;
  }

  /** Every fault in the request, with its place. */
  get errors(): Problem['errors'] {
    const errors: unknown = this.problem.errors;
    // Whatever answers in the API's place may name its own things so.
    return Array.isArray(errors) ? (errors as Problem['errors']) : [];
  }
}

/** No answer came: the server is down, restarting or out of reach. The cause is the platform's own error. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
  }
}

/** What came is no JSON, as when something else than the API answers at its address. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';

  constructor(readonly text: string) {
    super('The server answered something that is no JSON. Check baseUrl.');
  }
}
