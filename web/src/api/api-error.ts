import type { Problem } from '../shared/metadata.js';

/** The server refused a request: what its problem details (RFC 9457) say. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Every fault in the request, each with its place in the request's own words. */
    readonly problems: readonly Problem[] = [],
    /** Of a revision conflict: the revision that the metadata is at now, and the keys changed since. */
    readonly conflict: Conflict | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export interface Conflict {
  readonly current: number | null;
  readonly changedKeys: readonly string[];
}

/** No answer came: the server is down, restarting or out of reach. Worth trying again. */
export class ServerDownError extends Error {
  constructor() {
    super('The server does not answer.');
    this.name = 'ServerDownError';
  }
}

/** The server answered something that this page does not know, as when one of the two is older than the other. */
export class UnexpectedAnswerError extends Error {
  constructor(place: string) {
    super(
      `The server's answer is not what this page expects (${place}). Reload the page to get its current version.`,
    );
    this.name = 'UnexpectedAnswerError';
  }
}

/** Whether trying the same request again may help. */
export function isServerDown(error: unknown): boolean {
  if (error instanceof ServerDownError) return true;
  return error instanceof ApiError && [502, 503, 504].includes(error.status);
}
