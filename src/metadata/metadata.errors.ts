/** Why a request was refused, at one place in it. `path` names the place in the request's own words. */
export interface Problem {
  readonly path: string;
  /** A word a program can act on, e.g. `unknown_operator`, `key_too_long`. */
  readonly code: string;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly limit?: number;
  readonly actual?: number;
}

export type MetadataErrorCode =
  | 'invalid_request'
  | 'trial_not_found'
  | 'revision_not_found'
  | 'edit_forbidden'
  | 'indexes_forbidden'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'revision_conflict'
  | 'changes_forgotten'
  | 'changes_off'
  | 'text_indexes_unavailable'
  | 'database_busy';

/** The root of every error the plugin throws on purpose; the exception filter alone turns `code` into a status. */
export abstract class MetadataError extends Error {
  abstract readonly code: MetadataErrorCode;

  constructor(
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Something in the request is not as it must be; `problems` lists every fault, each with its place. */
export class InvalidRequestError extends MetadataError {
  readonly code = 'invalid_request';

  constructor(problems: readonly Problem[]) {
    super(
      problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
      problems,
    );
  }

  static at(path: string, code: string, message: string): InvalidRequestError {
    return new InvalidRequestError([{ path, code, message }]);
  }
}

/** A parameter of the query string that may be given once. @param advice what to do instead */
export function duplicateParameter(name: string, advice = 'Give it once.'): InvalidRequestError {
  return InvalidRequestError.at(name, 'duplicate_parameter', `"${name}" is there more than once. ${advice}`);
}

/** There is no such trial, or the caller may not see it: one answer for both, so that nothing leaks. */
export class TrialNotFoundError extends MetadataError {
  readonly code = 'trial_not_found';

  /** @param path where the request names the trial, when it is not in the URL */
  constructor(
    readonly trialId: string | number,
    path?: string,
  ) {
    const message = `There is no trial ${trialId} that you may see. Check the id, or ask whoever may grant access to it.`;
    super(message, path === undefined ? [] : [{ path, code: 'trial_not_found', message }]);
  }
}

/** The trial has no such revision yet, or its history no longer reaches back to it. */
export class RevisionNotFoundError extends MetadataError {
  readonly code = 'revision_not_found';

  constructor(
    readonly revision: number,
    readonly current: number,
  ) {
    const reason =
      revision > current
        ? `The metadata is at revision ${current}`
        : `The history no longer reaches back to revision ${revision}`;
    super(`${reason}. Ask for the history to see which revisions there are.`);
  }
}

/** The caller may see the trial, but not change its metadata. */
export class EditForbiddenError extends MetadataError {
  readonly code = 'edit_forbidden';

  /** @param path where the request names the trial, when it is not in the URL */
  constructor(
    readonly trialId: string | number,
    path?: string,
  ) {
    const message = `You may view trial ${trialId} but not change it. Ask whoever may grant that.`;
    super(message, path === undefined ? [] : [{ path, code: 'edit_forbidden', message }]);
  }
}

/** The caller may not see, build and drop the indexes of fields. */
export class IndexesForbiddenError extends MetadataError {
  readonly code = 'indexes_forbidden';

  constructor() {
    super('You may not manage the indexes of fields. Ask an administrator.');
  }
}

/** The database lacks what an index of texts takes. */
export class TextIndexesUnavailableError extends MetadataError {
  readonly code = 'text_indexes_unavailable';

  constructor() {
    super(
      'An index of texts takes the extension pg_trgm, which the database does not have. Have its administrator run CREATE EXTENSION pg_trgm, and ask again.',
    );
  }
}

/** The body is larger than the host accepts, before it was read as JSON. Sizes in bytes. */
export class BodyTooLargeError extends MetadataError {
  readonly code = 'body_too_large';

  constructor(readonly limit: number) {
    super(`The request body is larger than ${limit} bytes. Send less in one request.`);
  }
}

export class UnsupportedMediaTypeError extends MetadataError {
  readonly code = 'unsupported_media_type';

  constructor(
    readonly actual: string,
    readonly accepted: readonly string[],
    what: 'content type' | 'content encoding' = 'content type',
  ) {
    super(`The ${what} "${actual}" is not accepted here. Send ${accepted.join(' or ')}.`);
  }
}

/** An `If-Match` named revisions, and the current one is none of them. */
export class RevisionConflictError extends MetadataError {
  readonly code = 'revision_conflict';

  constructor(
    /** Empty when `If-Match` held only tags that no revision has. */
    readonly expected: readonly number[],
    readonly current: number,
    /** The top-level keys that changed since the latest of `expected`, as far as the history reaches. */
    readonly changedKeys: readonly string[],
  ) {
    const wanted = expected.length === 0 ? 'the one that If-Match names' : expected.join(' or ');
    super(
      `The metadata is at revision ${current}, not ${wanted}. Read it again, apply your change to what is there now and send it with If-Match: "${current}".`,
    );
  }
}

/** Changes after the place of a cursor are no longer in the list, or the cursor is of another database. */
export class ChangesForgottenError extends MetadataError {
  readonly code = 'changes_forgotten';

  constructor() {
    super(
      'Changes that came after this cursor are no longer kept. Take a cursor of now with after=latest, read the metadata of all trials anew, e.g. by an export, and go on from that cursor.',
    );
  }
}

/** The host keeps no list of changes. */
export class ChangesOffError extends MetadataError {
  readonly code = 'changes_off';

  constructor() {
    super('No list of changes is kept here. Set the option changes of MetadataModule to keep one.');
  }
}

/** A query took longer than the statement timeout allows; the database has stopped it. `timeout` in milliseconds. */
export class DatabaseBusyError extends MetadataError {
  readonly code = 'database_busy';
  /** Seconds after which another try makes sense. */
  readonly retryAfter = 5;

  constructor(readonly timeout: number) {
    super(
      `The query took longer than ${timeout} ms and was stopped. Narrow the filter, sort by an indexed field, or try again later.`,
    );
  }
}

/** Other batches kept a batch waiting for too long; nothing of it was written. `timeout` in milliseconds. */
export class TooManyBatchesError extends MetadataError {
  readonly code = 'database_busy';
  /** Seconds after which another try makes sense. */
  readonly retryAfter = 5;

  constructor(readonly timeout: number) {
    super(
      `The batch waited ${timeout} ms for others to be written, and was given up; nothing of it is written. Send it again later, and fewer batches at the same time.`,
    );
  }
}
