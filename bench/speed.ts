import type pg from 'pg';

/** How fast the machine is, in milliseconds for two pieces of work that have nothing to do with the product. */
export interface Speed {
  /** Adding 400 million numbers in Node.js. */
  readonly node: number;
  /** Adding 2 million numbers, taken out of JSON, in one process of PostgreSQL. */
  readonly postgres: number;
}

const TIMES = 5;

/** The fastest of five times each: figures of runs on different days, or hours, compare by it. */
export async function measureSpeed(client: pg.Client): Promise<Speed> {
  const json = `SELECT sum((('{"a": ' || n || '}')::jsonb -> 'a')::bigint) FROM generate_series(1, 2000000) AS n`;
  return { node: await fastest(add), postgres: await fastest(() => client.query(json)) };
}

function add(): number {
  let sum = 0;
  for (let number = 0; number < 400_000_000; number += 1) sum = (sum + Math.imul(number, 0x9e3779b1)) | 0;
  return sum;
}

async function fastest(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}
