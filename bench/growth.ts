import pg from 'pg';
import { migrate } from '../src/master/database/migrate.js';
import { masterMigrations } from '../src/master/database/migrations.js';
import { openBenchServer } from './bench-server.js';
import type { BenchOptions } from './bench.options.js';
import { buildIndex } from './build-index.js';
import { loadProduct } from './load-data-set.js';
import type { Timing } from './measure.js';
import { recordMaster, SUMMARIZED } from './product.js';
import type { Progress } from './progress.js';
import { benchQueries } from './queries.js';
import { timeProduct } from './run-queries.js';

/** How the product's queries take longer as there are more trials: by name, one timing for each number of trials. */
export interface Growth {
  readonly trials: readonly number[];
  readonly queries: readonly { readonly name: string; readonly B: readonly Timing[] }[];
}

const SMALLER = [10_000, 100_000];

/** Measures the product alone on smaller data sets of the same kind, on the same server. */
export async function measureGrowth(
  url: string,
  options: BenchOptions,
  largest: readonly { readonly name: string; readonly B: Timing }[],
  progress: Progress,
): Promise<Growth> {
  const sizes = SMALLER.filter((trials) => trials < options.trials);
  const timings = new Map<string, Timing[]>(largest.map(({ name }) => [name, []]));
  for (const trials of sizes) {
    progress.say(`${trials} trials`);
    const server = await openBenchServer({ ...options, trials, databaseUrl: url });
    try {
      await migrate(server.url, masterMigrations);
      await timeSize(server.url, trials, timings, progress);
    } finally {
      await server.close();
    }
  }
  return {
    trials: [...sizes, options.trials],
    queries: largest.map(({ name, B }) => ({ name, B: [...(timings.get(name) ?? []), B] })),
  };
}

async function timeSize(
  url: string,
  trials: number,
  timings: ReadonlyMap<string, Timing[]>,
  progress: Progress,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await loadProduct(client, trials, progress);
    await client.query('VACUUM ANALYZE');
    const recorded = await recordMaster(url);
    try {
      await buildIndex(recorded.client, 'runtime_seconds', progress);
      await recorded.countFields();
      for (const path of SUMMARIZED) await recorded.summarize(path);
      for (const query of benchQueries(trials)) {
        const { B } = await timeProduct(query, { client, recorded, rest: recorded.client });
        timings.get(query.name)?.push(B);
      }
    } finally {
      await recorded.close();
    }
  } finally {
    await client.end();
  }
}
