import { setTimeout as pause } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { sqlStateOf } from '../storage/sql-state.js';

const LOCK_NOT_AVAILABLE = '55P03';
/** Milliseconds that a statement waits for its lock, and with it all who come to the table after it. */
const PATIENCE = 300;
const PAUSE = 700;
const ATTEMPTS = 60;

/**
 * Runs a statement that needs a table for itself, but for a moment. While it waits behind a long read, everybody else
 * waits behind it; so it gives up soon, lets them pass, and tries again, for a minute. Then it waits like any other.
 */
export async function withBriefLock(runner: QueryRunner, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === ATTEMPTS;
    await runner.startTransaction();
    try {
      await runner.query(`SET LOCAL lock_timeout = ${isLast ? 0 : PATIENCE}`);
      await runner.query(statement);
      // Within a transaction that goes on, the setting would stay.
      await runner.query('SET LOCAL lock_timeout = 0');
      await runner.commitTransaction();
      return;
    } catch (error) {
      await runner.rollbackTransaction();
      if (isLast || sqlStateOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      await pause(PAUSE);
    }
  }
}
