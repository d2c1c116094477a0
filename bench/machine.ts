import { cpus, loadavg, totalmem } from 'node:os';
import type pg from 'pg';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
  /** Processes that wanted a core, over the last minute, when the run began: above the number of cores others worked too. */
  readonly load: number;
  readonly settings: Readonly<Record<string, string>>;
}

const SETTINGS = [
  'shared_buffers',
  'work_mem',
  'random_page_cost',
  'jit',
  'fsync',
  'max_parallel_workers_per_gather',
];

export async function readMachine(client: pg.Client): Promise<Machine> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, current_setting(name) AS setting FROM unnest($1::text[]) AS name`,
    [['server_version', ...SETTINGS]],
  );
  const { server_version: postgres = '', ...settings } = Object.fromEntries(
    rows.map(({ name, setting }) => [name, setting]),
  );
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    settings,
  };
}
