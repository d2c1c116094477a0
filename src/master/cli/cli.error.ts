/** A reason why a command cannot do its work, in one line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
