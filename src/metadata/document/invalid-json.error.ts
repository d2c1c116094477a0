import { InvalidRequestError, type Problem } from '../metadata.errors.js';

/** The text or value is no JSON that can be stored as it stands; `problems` lists every fault with its place. */
export class InvalidJsonError extends InvalidRequestError {
  constructor(problems: readonly Problem[]) {
    super(problems);
    // The whole text has the path '', which would leave a bare colon in front.
    this.message = problems
      .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
      .join('; ');
  }
}
