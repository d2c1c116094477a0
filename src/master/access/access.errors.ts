import type { Problem } from '../../metadata/index.js';

export type AccessErrorCode =
  | 'credentials_refused'
  | 'too_many_sign_ins'
  | 'administrator_needed'
  | 'user_not_found'
  | 'token_not_found'
  | 'member_not_found'
  | 'user_name_taken';

/** The root of the errors about users, tokens and roles; the master's exception filter turns `code` into a status. */
export abstract class AccessError extends Error {
  abstract readonly code: AccessErrorCode;

  constructor(
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** There is no token, or no password, that lets the caller in. */
export class CredentialsRefusedError extends AccessError {
  readonly code = 'credentials_refused';
}

/** Too many sign-ins from one address have failed. */
export class TooManySignInsError extends AccessError {
  readonly code = 'too_many_sign_ins';

  /** @param retryAfter seconds until another try is let through */
  constructor(readonly retryAfter: number) {
    super(`Too many sign-ins from your address have failed. Try again in ${retryAfter} s.`);
  }
}

/** The route is for administrators. */
export class AdministratorNeededError extends AccessError {
  readonly code = 'administrator_needed';

  constructor() {
    super('This is for administrators. Ask one of them to do it, or to make you an administrator.');
  }
}

export class UserNotFoundError extends AccessError {
  readonly code = 'user_not_found';

  constructor(readonly userId: number) {
    super(`There is no user ${userId}. GET /users lists them.`);
  }
}

export class TokenNotFoundError extends AccessError {
  readonly code = 'token_not_found';

  constructor(
    readonly userId: number,
    readonly tokenId: number,
  ) {
    super(
      `User ${userId} has no token ${tokenId} that is still good. GET /users/${userId}/tokens lists them.`,
    );
  }
}

export class MemberNotFoundError extends AccessError {
  readonly code = 'member_not_found';

  constructor(
    readonly projectId: number,
    readonly userId: number,
  ) {
    super(
      `User ${userId} has no role in project ${projectId}. GET /projects/${projectId}/members lists who has.`,
    );
  }
}

/** Another user has the name, or one that differs in upper and lower case alone; or it is one of the master's own. */
export class UserNameTakenError extends AccessError {
  readonly code = 'user_name_taken';

  constructor(readonly userName: string) {
    const message = `The name "${userName}" is taken. Choose another one.`;
    super(message, [{ path: 'name', code: 'user_name_taken', message }]);
  }
}
