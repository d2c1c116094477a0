import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { RepeatedWork } from '../background/repeated-work.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { runSql } from '../storage/run-sql.js';
import type { AdvisorNote } from './advisor-note.js';
import { FieldIndexBuilder } from './field-index-builder.js';
import { FieldIndexesService, type FieldIndex, type FoundIndex } from './field-indexes.service.js';
import type { IndexAdvisorMode } from './index-advice.js';
import { estimateStatement } from './index-catalog.js';
import { describeIndex, targetKey } from './index-target.js';
import { proposeIndexes, type FoundProposal, type IndexProposal } from './index-proposals.js';
import { SearchTally } from './search-tally.js';

const DAY = 24 * 60 * 60 * 1_000;
const MIB = 1024 ** 2;

/** An index that the advisor made, and may drop. */
type OwnIndex = FoundIndex & { readonly note: AdvisorNote };

/**
 * Watches which fields without an index make searches slow. It proposes their indexes, or makes them within a budget and
 * drops those of its own that nobody uses any more; those of an administrator it leaves alone.
 */
@Injectable()
export class IndexAdvisor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IndexAdvisor.name);
  private readonly background = new RepeatedWork(this.logger);
  /** The last look's proposals, by their names, which were told of. */
  private told: ReadonlySet<string> = new Set();
  /** Until when, in milliseconds since 1970, it does not try to build an index again, by {@link targetKey}. */
  private readonly refused = new Map<string, number>();

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly tally: SearchTally,
    private readonly indexes: FieldIndexesService,
    private readonly builder: FieldIndexBuilder,
  ) {}

  /** Begins to look, unless it is off. */
  onApplicationBootstrap(): void {
    if (this.mode === 'off') return;
    this.background.start({
      interval: this.options.indexBudget.everySeconds * 1_000,
      failure: 'The index advisor could not look',
      work: () => this.look(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.background.stop();
  }

  get mode(): IndexAdvisorMode {
    return this.options.indexAdvisor;
  }

  /** What this process has seen that would pay. @param existing indexes, which need no proposal */
  async proposals(existing: readonly FieldIndex[]): Promise<readonly IndexProposal[]> {
    const proposed = await this.proposed(existing, Date.now());
    return proposed.map(({ path: _path, ...proposal }) => proposal);
  }

  /** Tells what would pay; in `build` also drops what is not used and makes the index that would save most. */
  async look(now = new Date()): Promise<void> {
    if (this.mode === 'off') return;
    if (this.mode === 'propose') {
      this.tell(await this.proposed(await this.indexes.found(), now.getTime()));
      return;
    }
    // All within the lock: two processes at once would each find room in the budget.
    await this.builder.alone(async () => {
      const found = await this.indexes.found();
      const dropped = new Set<OwnIndex>();
      for (const index of found.filter(isOwn)) if (await this.dropUnused(index, now)) dropped.add(index);
      const left = found.filter((index) => !isOwn(index) || !dropped.has(index));
      await this.buildBest(left, now);
    });
  }

  private async proposed(existing: readonly FieldIndex[], now: number): Promise<readonly FoundProposal[]> {
    const there = new Set(existing.filter(({ state }) => state !== 'failed').map(describeIndex));
    const found = proposeIndexes(this.tally.fields(), this.options.indexBudget, now);
    const proposals = found.filter((proposal) => !there.has(describeIndex(proposal)));
    if (proposals.every(({ kind }) => kind === 'values')) return proposals;
    return (await this.indexes.hasTrigrams()) ? proposals : proposals.filter(({ kind }) => kind === 'values');
  }

  private tell(proposals: readonly FoundProposal[]): void {
    for (const proposal of proposals) {
      const name = describeIndex(proposal);
      if (!this.told.has(name))
        this.logger.log(`An ${name} would pay: ${proposal.request}. ${proposal.reason}`);
    }
    this.told = new Set(proposals.map(describeIndex));
  }

  /** @returns whether it did */
  private async dropUnused(index: OwnIndex, now: Date): Promise<boolean> {
    const { note, uses } = index;
    const usedAt = this.lastUse(index, now);
    const days = (now.getTime() - usedAt.getTime()) / DAY;
    if (days >= this.options.indexBudget.unusedDays) {
      await this.builder.dropNow(index);
      this.logger.log(
        `The ${describeIndex(index)} is dropped: nobody has used it for ${Math.floor(days)} days.`,
      );
      return true;
    }
    // Seldom: the comment is there for what the server's statistics lose, or another server's searches.
    if (usedAt.getTime() - note.usedAt.getTime() >= DAY)
      await this.builder.write(index, { usedAt, scans: uses });
    return false;
  }

  /** By the server's statistics, by searches of this process, which may go to another server, and by the note. */
  private lastUse(index: OwnIndex, now: Date): Date {
    const { note, uses, scannedAt } = index;
    const scanned = scannedAt ?? (uses === note.scans ? undefined : now);
    const searched = this.tally.usedAt(index);
    return new Date(Math.max(note.usedAt.getTime(), scanned?.getTime() ?? 0, searched ?? 0));
  }

  private async buildBest(existing: readonly FoundIndex[], now: Date): Promise<void> {
    const { fields, bytes } = this.options.indexBudget;
    const own = existing.filter(isOwn);
    if (own.length >= fields) return;
    for (const [key, until] of this.refused) if (until <= now.getTime()) this.refused.delete(key);
    const left = bytes - own.reduce((sum, index) => sum + index.bytes, 0);
    for (const proposal of await this.proposed(existing, now.getTime())) {
      if (this.background.isStopped) return;
      if (this.refused.has(targetKey(proposal))) continue;
      const estimate = await this.estimate(proposal);
      if (estimate <= left) {
        await this.build(proposal, now);
        return;
      }
      this.refuse(proposal, now);
      this.logger.log(
        `The ${describeIndex(proposal)} would have ${mebibytes(estimate)}; ${mebibytes(left)} are left of indexBudget.bytes. ${proposal.reason}`,
      );
    }
  }

  private async build(proposal: FoundProposal, now: Date): Promise<void> {
    const name = describeIndex(proposal);
    try {
      const start = performance.now();
      await this.builder.buildNow(proposal, { usedAt: now, scans: 0 });
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      this.logger.log(`The ${name} was made in ${seconds} s. ${proposal.reason}`);
      this.tally.clear();
    } catch (error) {
      this.refuse(proposal, now);
      this.logger.warn(`The ${name} was not made: ${reasonOf(error)}`);
      // What is left of it would only slow reports down.
      await this.builder.dropNow(proposal);
    }
  }

  private refuse(proposal: FoundProposal, now: Date): void {
    this.refused.set(targetKey(proposal), now.getTime() + DAY);
  }

  private async estimate(proposal: FoundProposal): Promise<number> {
    const statement = estimateStatement(this.tables, proposal);
    const [row] = await runSql<{ bytes: number }>(this.dataSource, statement);
    return Math.round(row?.bytes ?? 0);
  }
}

function isOwn(index: FoundIndex): index is OwnIndex {
  return index.note !== undefined;
}

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
