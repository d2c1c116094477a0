import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger, Write } from './ledger.js';
import { keepAlive, send, type Outcome } from './send.js';

/** Who sends, and to what. */
export interface LoadOptions {
  readonly origin: string;
  readonly token: string;
  readonly ledger: Ledger;
  readonly trialIds: readonly number[];
  /** Workers that report to one trial each; two share a trial. */
  readonly reporters: number;
  /** Workers that send batches of twenty trials. */
  readonly batchers: number;
  /** Prefix of the workers' names, different for each load on one ledger; letters and digits. */
  readonly name: string;
}

const BATCH = 20;

/** Clients that write as fast as they are answered. */
export class Load {
  /** Requests that wait for their answer. */
  running = 0;
  readonly counts = { ok: 0, unavailable: 0, refused: 0, broken: 0, wrong: 0 };
  /** What was wrong: answers that are neither 200 nor a 503 with Retry-After as problem details. */
  readonly faults = new Set<string>();
  private lastOk = 0;
  private isStopped = false;
  private readonly agent = keepAlive();
  private readonly workers: readonly Promise<void>[];

  constructor(private readonly options: LoadOptions) {
    const { reporters, batchers } = options;
    this.workers = [
      ...Array.from({ length: reporters }, (_, index) => this.work(`w${options.name}r${index}`, index, 1)),
      ...Array.from({ length: batchers }, (_, index) => this.work(`w${options.name}b${index}`, index, BATCH)),
    ];
  }

  /** Waits until a write that began after the call is answered 200; how long that took, in milliseconds. */
  async answersAgain(patience: number): Promise<number> {
    const start = Date.now();
    while (this.lastOk < start && Date.now() - start < patience) await sleep(5);
    return this.lastOk < start ? Infinity : Date.now() - start;
  }

  /** Lets every request come to its end and sends no more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.workers);
    this.agent.destroy();
  }

  private async work(worker: string, index: number, size: number): Promise<void> {
    const { ledger, token, origin, trialIds } = this.options;
    for (let seq = 1; !this.isStopped; seq += 1) {
      const first = (size === 1 ? index >> 1 : index * 7) % trialIds.length;
      const targets = Array.from({ length: size }, (_, at) => trialIds[(first + at) % trialIds.length] ?? 0);
      const write: Write = { worker, seq, trialIds: targets };
      const metadata = { [`${worker}_a`]: seq, [`${worker}_b`]: seq };
      ledger.begin(write);
      this.running += 1;
      const startedAt = Date.now();
      const outcome =
        size === 1
          ? await send(this.agent, origin, 'POST', `/api/v1/trials/${targets[0]}/metadata`, token, {
              metadata,
            })
          : await send(this.agent, origin, 'POST', '/api/v1/metadata/batch', token, {
              reports: targets.map((trialId) => ({ trialId, metadata })),
            });
      this.running -= 1;
      await this.count(outcome, write, startedAt);
    }
  }

  private async count(outcome: Outcome, write: Write, startedAt: number): Promise<void> {
    if (outcome.kind !== 'answer') {
      this.counts[outcome.kind] += 1;
      if (outcome.kind === 'broken') this.faults.add(`broken: ${outcome.reason}`);
      await sleep(20);
      return;
    }
    if (outcome.status === 200) {
      this.counts.ok += 1;
      this.lastOk = Math.max(this.lastOk, startedAt);
      this.options.ledger.acknowledge(write);
      return;
    }
    const isProblem =
      outcome.text.startsWith('{"type":"about:blank"') &&
      !/\n|SELECT|INSERT|trial_metadata/.test(outcome.text);
    if (outcome.status === 503 && outcome.retryAfter !== undefined && isProblem) {
      this.counts.unavailable += 1;
    } else {
      this.counts.wrong += 1;
      this.faults.add(`${outcome.status}: ${outcome.text.slice(0, 300)}`);
    }
    await sleep(20);
  }
}
