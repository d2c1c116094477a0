import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { RepeatedWork } from './background/repeated-work.js';
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
  private readonly background = new RepeatedWork(new Logger(HistoryRetentionService.name));

  constructor(
    private readonly store: MetadataStore,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  onApplicationBootstrap(): void {
    const { revisions, days } = this.options.historyRetention;
    if (revisions === undefined && days === undefined) return;
    this.background.start({
      interval: INTERVAL,
      failure: 'Old revisions were not deleted',
      work: () => this.forget(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background.stop();
  }

  /** Deletes all that is old now. @returns the number of revisions deleted by this process */
  async forget(): Promise<number> {
    let total = 0;
    let forgotten: number | undefined = BATCH;
    while (forgotten === BATCH && !this.background.isStopped) {
      forgotten = await this.store.forget(this.options.historyRetention, BATCH);
      total += forgotten ?? 0;
    }
    return total;
  }
}
