import type { ModuleMetadata } from '@nestjs/common';
import type { ErrorFacts } from './http/error-facts.js';

/** How a host takes Determined's clients in. */
export interface DeterminedOptions {
  /** Modules that export what this one stands on: the host's `ExperimentsModule`, unless it is global. */
  readonly imports?: ModuleMetadata['imports'];
  /**
   * What to answer to an error of the host's own, such as those of its guards; undefined for an error that it does not
   * know either, which becomes a 500 that tells nothing. Errors of Nest, the plugin and the experiments need none.
   */
  readonly describeError?: (error: unknown) => ErrorFacts | undefined;
  /** Told of every error with what is answered to it, for the host's log; by default those above 499 are logged. */
  readonly noteError?: (error: unknown, facts: ErrorFacts, response: object) => void;
}

const EVERY_OPTION: Readonly<Record<keyof DeterminedOptions, true>> = {
  imports: true,
  describeError: true,
  noteError: true,
};
/** Names of the {@link DeterminedOptions}. */
export const DETERMINED_OPTION_NAMES: readonly string[] = Object.keys(EVERY_OPTION);

/** Token of the {@link DeterminedOptions}. */
export const DETERMINED_OPTIONS = Symbol('DETERMINED_OPTIONS');
