import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/postgres/index.js';
import type { BenchOptions } from './bench.options.js';

/** The PostgreSQL that is measured, with a database for the benchmark. */
export interface BenchServer {
  readonly url: string;
  /** Whether the database holds a loaded data set of this size already. */
  readonly loaded: boolean;
  close(): Promise<void>;
}

/** As in the measurements that the goals come from. */
const SETTINGS = {
  shared_buffers: '2GB',
  effective_cache_size: '6GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  work_mem: '32MB',
} as const;

/** Starts the embedded server, or uses the one given, and makes the benchmark's database where it is missing. */
export async function openBenchServer({ databaseUrl, keep, trials }: BenchOptions): Promise<BenchServer> {
  const name = `trial_metadata_bench_${trials}`;
  if (databaseUrl !== undefined) {
    const { url, loaded } = await ensureDatabase(databaseUrl, name);
    return { url, loaded, close: () => Promise.resolve() };
  }
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'trial-metadata-bench-')));
  if (keep === undefined) await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, settings: SETTINGS });
  const { url, loaded } = await ensureDatabase(server.adminUrl, name);
  return {
    url,
    loaded,
    close: async () => {
      await server.stop();
      if (keep === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ensureDatabase(adminUrl: string, name: string): Promise<{ url: string; loaded: boolean }> {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const found = await admin.query<{ comment: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
      [name],
    );
    if (found.rows[0]?.comment === LOADED) return { url: url.href, loaded: true };
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'`,
    );
    return { url: url.href, loaded: false };
  } finally {
    await admin.end();
  }
}

const LOADED = 'loaded';

/** Notes that the data set is complete. */
export async function markLoaded(client: pg.Client): Promise<void> {
  await client.query(
    `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '${LOADED}'); END $$`,
  );
}
