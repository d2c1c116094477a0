/** The request asks for what this wire format has no meaning for; `message` is what Determined's clients show. */
export class InvalidArgumentError extends Error {
  override readonly name = 'InvalidArgumentError';
}

/** The name or password of a sign-in is wrong; which of the two is not told. */
export class InvalidCredentialsError extends Error {
  override readonly name = 'InvalidCredentialsError';

  constructor() {
    super('invalid credentials');
  }
}
