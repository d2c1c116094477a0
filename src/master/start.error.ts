/** A reason why the master does not start, in one line that says what to do; the entry prints it and exits with 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
