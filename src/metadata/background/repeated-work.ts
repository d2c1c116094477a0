import type { LoggerService } from '@nestjs/common';

/** What a {@link RepeatedWork} does, and how often. */
export interface Repetition {
  /** Milliseconds from the start, and from the end of each run, to the next run. */
  readonly interval: number;
  /** What a failure is told as, before its reason: `Fields were not counted`. */
  readonly failure: string;
  readonly work: () => Promise<unknown>;
}

/**
 * Does a work in the background again and again, until it is stopped. One run never overlaps another; a failure is a
 * warning in the log, and the next run comes all the same: the database may have been away. The process may end while
 * a run is only awaited.
 */
export class RepeatedWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly logger: Pick<LoggerService, 'warn'>) {}

  /** Whether it was told to stop: what works in batches then ends after the one in hand. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /**
   * Begins to work, after one interval. To be called in a bootstrap hook and not in a request: what is done would be
   * part of the context of that request for ever.
   */
  start(repetition: Repetition): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.attempt(repetition.failure, repetition.work).finally(() => this.start(repetition));
    }, repetition.interval).unref();
  }

  /** Ends it, and waits for the work in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Does a work once; a failure is a warning, and nothing once it was told to stop. */
  async attempt(failure: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.stopped) this.logger.warn(`${failure}: ${reason}`);
    }
  }
}
