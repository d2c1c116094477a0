/** What helps beside what an error says already: another data folder, another server, or nothing. */
export type Remedy = 'folder' | 'server';

/** How the remedies are called where nothing else is said. */
const PHRASES: Readonly<Record<Remedy, string>> = {
  folder: 'choose another folder',
  server: 'use a PostgreSQL server of your own',
};

/**
 * A reason why the embedded server does not run. The message is one line that says what to do; `told` says it with the
 * names that whoever started it has for the remedies.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  /**
   * @param fault what is wrong; with a remedy it ends where the remedy goes on, e.g. `Stop it, or `
   */
  constructor(
    private readonly fault: string,
    private readonly remedy?: Remedy,
    options?: ErrorOptions,
  ) {
    super(sentence(fault, remedy, PHRASES), options);
  }

  /** The message with other phrases, e.g. `{ folder: 'set DATA_DIR to another folder', … }`. */
  told(phrases: Readonly<Record<Remedy, string>>): string {
    return sentence(this.fault, this.remedy, phrases);
  }
}

function sentence(
  fault: string,
  remedy: Remedy | undefined,
  phrases: Readonly<Record<Remedy, string>>,
): string {
  return remedy === undefined ? fault : `${fault}${phrases[remedy]}.`;
}
