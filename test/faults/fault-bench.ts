import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultDatabase } from './fault-database.js';
import { freePort } from '../../src/postgres/index.js';
import { FaultMaster } from './fault-master.js';
import { HealthWatch } from './health-watch.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { keepAlive, send } from './send.js';

/** A row of the table that is printed at the end. */
export interface Result {
  readonly fault: string;
  readonly inFlight: number;
  readonly acknowledged: number;
  readonly found: number;
  readonly lost: number;
  readonly half: number;
  /** Answers 503 with Retry-After. */
  readonly unavailable: number;
  /** From the end of the fault to the first write that is answered 200 again, in milliseconds. */
  readonly recovery: number | undefined;
  /** Why the fault was not withstood; empty: it was. */
  readonly faults: readonly string[];
  /** Told beside the row. */
  readonly note?: string;
}

/** How a fault is judged, beside what it may lose: nothing. */
export interface Expectation {
  /** Whether `/health/ready` must have said no meanwhile. */
  readonly unready: boolean;
  /** Whether some requests must have been answered 503: else the fault did not hit. */
  readonly unavailable: boolean;
}

const WARM_UP_MS = 1_500;
const PATIENCE_MS = 5_000;
const REPORTERS = 24;
const BATCHERS = 4;
const TRIALS = 40;

/** The built master on a database of its own, under load, and what there is to break. */
export class FaultBench {
  master!: FaultMaster;
  readonly trialIds: number[] = [];
  private loads = 0;

  private constructor(
    readonly database: FaultDatabase,
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(database: FaultDatabase, program: string, folder: string): Promise<FaultBench> {
    const bench = new FaultBench(database, program, folder, await freePort());
    await bench.startMaster();
    await bench.makeTrials();
    return bench;
  }

  /** Starts the master, again if it was killed. */
  async startMaster(): Promise<void> {
    const dataDir = join(this.folder, 'master');
    await mkdir(dataDir, { recursive: true });
    this.master = await FaultMaster.start(this.program, this.database.url, dataDir, this.port);
  }

  /** Where the master listens, after every start. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const agent = keepAlive();
    const outcome = await send(agent, this.origin, method, path, FaultMaster.token, body);
    agent.destroy();
    if (outcome.kind === 'answer' && outcome.status < 300) return JSON.parse(outcome.text) as unknown;
    throw new Error(`${method} ${path}: ${JSON.stringify(outcome)}`);
  }

  /** A folder of its own. */
  async makeFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
    const path = await mkdtemp(join(this.folder, 'fault-'));
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  }

  load(ledger: Ledger): Load {
    this.loads += 1;
    return new Load({
      origin: this.origin,
      token: FaultMaster.token,
      ledger,
      trialIds: this.trialIds,
      reporters: REPORTERS,
      batchers: BATCHERS,
      name: `l${this.loads}`,
    });
  }

  /**
   * Lets a fault happen under load to the database behind a master that goes on running.
   * @param inject returns when the fault is over
   */
  async underLoad(fault: string, inject: () => Promise<void>, expected: Expectation): Promise<Result> {
    const ledger = new Ledger();
    const load = this.load(ledger);
    const health = new HealthWatch(this.origin);
    await sleep(WARM_UP_MS);
    const inFlight = load.running;
    const began = Date.now();
    await inject();
    const recovery = await load.answersAgain(2 * PATIENCE_MS);
    const again = Date.now();
    for (const until = again + PATIENCE_MS; !health.wasReady(again) && Date.now() < until;) await sleep(20);
    await sleep(1_000);
    await load.stop();
    await health.stop();
    const found = await ledger.check(this.database);
    const faults = [...load.faults, ...this.master.takeFailures()];
    if (!health.livesAlways) faults.push('/health/live was not always 200');
    if (expected.unready && !health.wasUnready(began)) faults.push('/health/ready never told of it');
    if (!health.wasReady(again)) faults.push('/health/ready did not tell that it was over');
    if (expected.unavailable && load.counts.unavailable === 0) faults.push('no request met the fault');
    if (recovery > PATIENCE_MS) faults.push(`answered again only after ${recovery} ms`);
    if (load.counts.refused > 0) faults.push(`${load.counts.refused} connections were refused`);
    return { fault, inFlight, ...found, unavailable: load.counts.unavailable, recovery, faults };
  }

  private async makeTrials(): Promise<void> {
    const name = 'faults';
    const { project } = (await this.ask('POST', '/api/v1/projects', { name })) as { project: { id: number } };
    const body = { name, projectId: project.id };
    const { experiment } = (await this.ask('POST', '/api/v1/experiments', body)) as {
      experiment: { id: number };
    };
    for (let count = 0; count < TRIALS; count += 1) {
      const path = `/api/v1/experiments/${experiment.id}/trials`;
      const { trial } = (await this.ask('POST', path, {})) as { trial: { id: number } };
      this.trialIds.push(trial.id);
    }
  }
}
