import type pg from 'pg';
import { markLoaded } from './bench-server.js';
import { copyField, copyIn } from './copy-in.js';
import {
  EXPERIMENTS_PER_PROJECT,
  experimentsOf,
  isArchivedExperiment,
  trialOf,
  type BenchTrial,
} from './data-set.js';
import { COLUMN_TABLES } from './layouts/columns.js';
import { DETERMINED_TABLES } from './layouts/determined.js';
import { MLFLOW_TABLES } from './layouts/mlflow.js';
import type { Progress } from './progress.js';

const CHUNK_ROWS = 1_000;

/**
 * Fills the product's own tables by COPY, and the tables of the other sides from these, so that all hold the same.
 * @param client on a database with the product's tables, empty
 */
export async function loadDataSet(client: pg.Client, trials: number, progress: Progress): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  await loadProduct(client, trials, progress);
  const statements = [...DETERMINED_TABLES, ...COLUMN_TABLES, ...MLFLOW_TABLES];
  for (const [index, statement] of statements.entries()) {
    progress.part('tables and indexes of the other sides', index + 1, statements.length);
    await client.query(statement);
  }
  progress.say('VACUUM ANALYZE');
  await client.query('VACUUM ANALYZE');
  await markLoaded(client);
}

/** Fills the product's own tables. */
export async function loadProduct(client: pg.Client, trials: number, progress: Progress): Promise<void> {
  const experiments = experimentsOf(trials);
  const projects = Math.ceil(experiments / EXPERIMENTS_PER_PROJECT);
  await client.query(
    `INSERT INTO projects (id, name, created_at) SELECT n, 'project ' || n, now() FROM generate_series(1, $1::integer) AS n`,
    [projects],
  );
  progress.say(`${experiments} experiments`);
  await copyIn(
    client,
    'COPY experiments (id, project_id, name, state, archived) FROM STDIN',
    rowsOf(experiments, experimentRow),
  );
  progress.say(`${trials} trials`);
  await copyIn(
    client,
    'COPY trials (id, experiment_id, number, state, archived, start_time, end_time) FROM STDIN',
    rowsOf(trials, trialRow),
  );
  // Built afterwards, as one does for a load of this size.
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid = 'trial_metadata'::regclass AND NOT indisprimary`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const reportPart = (done: number): void => progress.part('metadata', done, trials);
  await copyIn(
    client,
    'COPY trial_metadata (trial_id, metadata, revision, updated_at) FROM STDIN',
    rowsOf(trials, metadataRow, reportPart),
  );
  for (const [index, { definition }] of indexes.entries()) {
    progress.part("the product's indexes", index + 1, indexes.length);
    await client.query(definition);
  }
  for (const table of ['projects', 'experiments', 'trials']) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
    );
  }
}

function* rowsOf(
  count: number,
  row: (id: number) => string,
  done?: (count: number) => void,
): Generator<string> {
  for (let first = 1; first <= count; first += CHUNK_ROWS) {
    const last = Math.min(count, first + CHUNK_ROWS - 1);
    yield Array.from({ length: last - first + 1 }, (_, index) => row(first + index)).join('');
    done?.(last);
  }
}

function experimentRow(id: number): string {
  const project = Math.ceil(id / EXPERIMENTS_PER_PROJECT);
  return line([id, project, `experiment ${id}`, 'COMPLETED', isArchivedExperiment(id)]);
}

function trialRow(id: number): string {
  const { experimentId, archived, startTime, endTime }: BenchTrial = trialOf(id);
  return line([id, experimentId, id, 'COMPLETED', archived, startTime, endTime]);
}

function metadataRow(id: number): string {
  const { document, endTime } = trialOf(id);
  return line([id, JSON.stringify(document), 1, endTime]);
}

function line(values: readonly (string | number | boolean | Date)[]): string {
  return `${values.map(copyField).join('\t')}\n`;
}
