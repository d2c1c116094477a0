import { Inject, Injectable, Logger } from '@nestjs/common';
import { DETERMINED_OPTIONS, type DeterminedOptions } from '../determined.options.js';
import { errorFacts, INTERNAL_ERROR, type ErrorFacts } from './error-facts.js';

/** Finds out what to answer to an error, with the host's help, and notes it. */
@Injectable()
export class DescribeErrorService {
  private readonly logger = new Logger('Determined');

  constructor(@Inject(DETERMINED_OPTIONS) private readonly options: DeterminedOptions) {}

  /** @param response where the host may keep what it wants to log later */
  describe(error: unknown, response: object): ErrorFacts {
    const { describeError, noteError } = this.options;
    const facts = errorFacts(error) ?? describeError?.(error) ?? INTERNAL_ERROR;
    if (noteError !== undefined) noteError(error, facts, response);
    else if (facts.status >= 500) this.logger.error(error instanceof Error ? error.stack : error);
    return facts;
  }
}
