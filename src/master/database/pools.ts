import type { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';

/** A connection pool of `pg`. */
export interface Pool extends EventEmitter {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** The pools of a data source by the server that they connect to. */
export function poolsOf({ driver }: DataSource): readonly (readonly [server: string, pool: Pool])[] {
  // TypeORM's driver for PostgreSQL keeps them there.
  const { master, slaves } = driver as unknown as {
    readonly master: Pool;
    readonly slaves?: readonly Pool[];
  };
  const replicas = (slaves ?? []).map((pool, index) => [`replica ${index + 1}`, pool] as const);
  return [['primary', master], ...replicas];
}

/**
 * Keeps a connection that the server ends at the very moment it is made from ending the process: between the pool, which lets
 * go of it, and the query runner, which takes it, nobody listens for its errors. Its next query fails, and the pool drops it.
 */
export function guardConnections(dataSource: DataSource): void {
  for (const [, pool] of poolsOf(dataSource)) {
    pool.on('connect', (client: EventEmitter) => client.on('error', () => undefined));
  }
}
