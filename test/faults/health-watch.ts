import { setTimeout as sleep } from 'node:timers/promises';
import { keepAlive, send } from './send.js';

/** Asks for the master's health all the time, as an orchestrator would. */
export class HealthWatch {
  /** Whether `/health/live` was ever anything but 200. */
  livesAlways = true;
  private readonly readiness: { readonly at: number; readonly status: number }[] = [];
  private isStopped = false;
  private readonly agent = keepAlive();
  private readonly done: Promise<unknown>;

  constructor(private readonly origin: string) {
    this.done = Promise.all([this.watchLife(), this.watchReadiness()]);
  }

  /** Whether it was told not to be ready at some moment since then. */
  wasUnready(since: number): boolean {
    return this.readiness.some(({ at, status }) => at >= since && status === 503);
  }

  /** Whether it was told to be ready in an answer to a question asked since then. */
  wasReady(since: number): boolean {
    return this.readiness.some(({ at, status }) => at >= since && status === 200);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.done;
    this.agent.destroy();
  }

  private async watchLife(): Promise<void> {
    while (!this.isStopped) {
      const outcome = await send(this.agent, this.origin, 'GET', '/health/live', '');
      if (outcome.kind !== 'answer' || outcome.status !== 200) this.livesAlways = false;
      await sleep(50);
    }
  }

  private async watchReadiness(): Promise<void> {
    while (!this.isStopped) {
      const at = Date.now();
      const outcome = await send(this.agent, this.origin, 'GET', '/health/ready', '');
      this.readiness.push({ at, status: outcome.kind === 'answer' ? outcome.status : 0 });
      await sleep(50);
    }
  }
}
