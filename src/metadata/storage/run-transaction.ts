import type { DataSource, EntityManager } from 'typeorm';
import { FOREIGN_KEY_VIOLATION, isTransient, sqlStateOf } from './sql-state.js';

const ATTEMPTS = 5;

/**
 * Runs the work in the caller's transaction, or in one of its own. Its own is run again when the database broke it off
 * to undo a deadlock with statements of the host, or since a trial was deleted meanwhile, which then is not found; the caller's
 * is the caller's to run again.
 */
export async function runTransaction<T>(
  dataSource: DataSource,
  manager: EntityManager | undefined,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  if (manager !== undefined) return await work(manager);
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Spelled out, since the statements count on it, and a database may have another default.
      return await dataSource.transaction('READ COMMITTED', work);
    } catch (error) {
      const mayPass = isTransient(error) || sqlStateOf(error) === FOREIGN_KEY_VIOLATION;
      if (attempt === ATTEMPTS || !mayPass) throw error;
    }
  }
}
