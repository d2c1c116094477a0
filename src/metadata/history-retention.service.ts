import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { CheckedMetadataOptions } from './metadata.options.js';
import { METADATA_OPTIONS } from './metadata.tokens.js';
import { MetadataStore } from './storage/metadata-store.js';

/** Revisions deleted by one statement. */
const BATCH = 5_000;
/** Milliseconds between two looks. */
const INTERVAL = 10 * 60 * 1_000;

/** Deletes from the history what the option `historyRetention` does not keep, in the background. */
@Injectable()
export class HistoryRetentionService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HistoryRetentionService.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly store: MetadataStore,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  onApplicationBootstrap(): void {
    const { revisions, days } = this.options.historyRetention;
    if (revisions === undefined && days === undefined) return;
    this.timer = setInterval(() => {
      this.running = this.forget().catch((error: unknown) => {
        // The database may be away; what is old stays old.
        this.logger.warn(
          `Old revisions were not deleted: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    }, INTERVAL).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Deletes all that is old now. @returns the number of revisions deleted by this process */
  async forget(): Promise<number> {
    let total = 0;
    let forgotten: number | undefined = BATCH;
    while (forgotten === BATCH && !this.isStopped) {
      forgotten = await this.store.forget(this.options.historyRetention, BATCH);
      total += forgotten ?? 0;
    }
    return total;
  }
}
