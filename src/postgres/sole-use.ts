import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { reasonOf } from './error-facts.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { ServerProcess } from './server-process.js';

const LOCK = 7_130_442_018;
const NAME = 'trial metadata, process ';
const RETRY_MS = 250;
const PATIENCE_MS = 2500;

/**
 * One process a data folder: a session that holds an advisory lock on the embedded server for as long as the process
 * lives. Unlike a lock file it frees itself when the process dies, whatever kills it, and a process id that is used again
 * cannot mislead it. When the server goes away, the session brings it back.
 */
export class SoleUse {
  #client: pg.Client | undefined;
  #ended = false;
  #comingBack: Promise<void> | undefined;

  private constructor(
    private readonly server: ServerProcess,
    private readonly onEvent: (message: string) => void,
  ) {}

  /**
   * Takes the lock; tries for some seconds, since the session of a process just killed may need a moment to end.
   *
   * @throws EmbeddedPostgresError naming the other process.
   */
  static async acquire(
    server: ServerProcess,
    dataDir: string,
    onEvent: (message: string) => void,
  ): Promise<SoleUse> {
    const soleUse = new SoleUse(server, onEvent);
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const holder = await soleUse.#tryLock();
      if (holder === undefined) return soleUse;
      if (Date.now() > until) {
        throw new EmbeddedPostgresError(
          `Another program (${holder}) is using the data in ${dataDir}. Stop it, or `,
          'folder',
        );
      }
      await sleep(RETRY_MS);
      await server.ensureRunning();
    }
  }

  /** Lets go; from here on the server may end, and nobody starts it again. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#comingBack;
    await this.#client?.end().catch(() => undefined);
  }

  /** Takes the lock, or tells who has it. */
  async #tryLock(): Promise<string | undefined> {
    const client = new pg.Client({
      connectionString: this.server.adminUrl,
      application_name: `${NAME}${process.pid}`,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const taken = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_lock($1) AS ok', [LOCK]);
      if (taken.rows[0]?.ok) {
        this.#client = client;
        client.once('end', () => {
          if (!this.#isEnded()) this.#comingBack = this.#bringBack();
        });
        return undefined;
      }
      const holder = await client.query<{ application_name: string }>(
        `SELECT application_name FROM pg_stat_activity
          WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted) AND application_name LIKE $1`,
        [`${NAME}%`],
      );
      await client.end();
      return (
        holder.rows[0]?.application_name.slice(NAME.length - 'process '.length) ?? 'starting or stopping'
      );
    } catch {
      await client.end().catch(() => undefined);
      return 'starting or stopping';
    }
  }

  async #bringBack(): Promise<void> {
    let told = 'the embedded PostgreSQL went away; starting it again';
    this.onEvent(told);
    while (!this.#isEnded()) {
      try {
        await this.server.ensureRunning();
        if ((await this.#tryLock()) === undefined) {
          this.onEvent('the embedded PostgreSQL is back');
          return;
        }
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== told) this.onEvent(reason);
        told = reason;
      }
      await sleep(RETRY_MS);
    }
  }

  // A method, since the compiler takes a field that was looked at once for settled.
  #isEnded(): boolean {
    return this.#ended;
  }
}
