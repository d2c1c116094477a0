import type { TrialId } from './trial-id.js';

/** A report as it is to be written. */
export interface QueuedReport {
  readonly trialId: TrialId;
  /** Characters of its document. */
  readonly size: number;
}

/** How the reports of a queue are written. */
export interface ReportWriter<Report extends QueuedReport, Row> {
  readonly writeAlone: (report: Report) => Promise<Row>;
  /**
   * Writes reports on different trials in one transaction.
   * @returns one row a report, in their order; undefined for one that has to be written alone after all
   */
  readonly writeTogether: (reports: readonly Report[]) => Promise<readonly (Row | undefined)[]>;
}

/** How much a queue sends at once. */
export interface ReportQueueLimits {
  /** Writes under way, of one report or of a group each. */
  readonly atOnce: number;
  /** Reports in a group. */
  readonly reports: number;
  /** Characters of the documents in a group; a larger one goes alone. */
  readonly size: number;
  /** Milliseconds for which a write counts as under way: one that waits for somebody else's lock shall not hold up others. */
  readonly patience: number;
}

interface Waiting<Report, Row> {
  readonly report: Report;
  readonly resolve: (row: Row | PromiseLike<Row>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes a report at once while little is going on, and those that come in while enough writes are under way together,
 * once one of these is done: a statement and a commit of its own costs several times what a report itself does.
 *
 * Each report gets its own row or error, as if it had been written alone. Reports on one trial are written one after the
 * other, in the order in which they came.
 */
export class ReportQueue<Report extends QueuedReport, Row> {
  private underWay = 0;
  /** For each trial that is being written or waited for, the reports behind the first. */
  private readonly trials = new Map<TrialId, Waiting<Report, Row>[]>();
  /** The next report of each trial that is not being written, in the order in which they may go. */
  private ready: Waiting<Report, Row>[] = [];
  private readonly unanswered = new Set<Promise<Row>>();

  constructor(
    private readonly writer: ReportWriter<Report, Row>,
    private readonly limits: ReportQueueLimits,
  ) {}

  /** Rejects with what writing this very report has failed with. */
  write(report: Report): Promise<Row> {
    const answer = new Promise<Row>((resolve, reject) => {
      const waiting = { report, resolve, reject };
      const behind = this.trials.get(report.trialId);
      if (behind === undefined) {
        this.trials.set(report.trialId, []);
        this.ready.push(waiting);
      } else behind.push(waiting);
    });
    this.unanswered.add(answer);
    const forget = () => this.unanswered.delete(answer);
    answer.then(forget, forget);
    this.sendMore();
    return answer;
  }

  /** Waits until all that has been handed in by now is written or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.unanswered);
  }

  private sendMore(): void {
    while (this.underWay < this.limits.atOnce && this.ready.length > 0) void this.send(this.nextGroup());
  }

  private nextGroup(): readonly Waiting<Report, Row>[] {
    let count = 0;
    let size = 0;
    for (const { report } of this.ready) {
      size += report.size;
      if (count > 0 && (size > this.limits.size || count === this.limits.reports)) break;
      count += 1;
    }
    return this.ready.splice(0, count);
  }

  /** Never rejects: what fails is told to whom it concerns. */
  private async send(group: readonly Waiting<Report, Row>[]): Promise<void> {
    const done = this.begin();
    const [first, second] = group;
    if (first !== undefined && second === undefined) {
      await this.sendAlone(first);
    } else {
      for (const waiting of await this.sendTogether(group)) void this.sendAlone(waiting);
    }
    done();
  }

  /** Counts a write as under way until it is done, or has taken too long. */
  private begin(): () => void {
    this.underWay += 1;
    const end = () => {
      this.underWay -= 1;
      this.sendMore();
    };
    let isCounted = true;
    const timer = setTimeout(() => {
      isCounted = false;
      end();
    }, this.limits.patience).unref();
    return () => {
      clearTimeout(timer);
      if (isCounted) end();
    };
  }

  private async sendAlone(waiting: Waiting<Report, Row>): Promise<void> {
    try {
      waiting.resolve(await this.writer.writeAlone(waiting.report));
    } catch (error) {
      waiting.reject(error);
    }
    this.free(waiting.report.trialId);
  }

  /** @returns those that have to be written alone */
  private async sendTogether(
    group: readonly Waiting<Report, Row>[],
  ): Promise<readonly Waiting<Report, Row>[]> {
    try {
      const rows = await this.writer.writeTogether(group.map(({ report }) => report));
      return group.filter((waiting, index) => {
        const row = rows[index];
        if (row === undefined) return true;
        waiting.resolve(row);
        this.free(waiting.report.trialId);
        return false;
      });
    } catch (error) {
      for (const { report, reject } of group) {
        reject(error);
        this.free(report.trialId);
      }
      return [];
    }
  }

  /** Lets the next report on the trial go. */
  private free(trialId: TrialId): void {
    const next = this.trials.get(trialId)?.shift();
    if (next === undefined) {
      this.trials.delete(trialId);
    } else {
      this.ready.push(next);
      this.sendMore();
    }
  }
}
