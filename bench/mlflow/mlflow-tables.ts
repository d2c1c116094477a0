import type pg from 'pg';
import type { Progress } from '../progress.js';

/** The schema that holds MLflow's tables. */
export const MLFLOW_SCHEMA = 'mlflow';

/** The tables that hold many rows for each run. */
const LARGE_TABLES = ['mlflow.tags', 'mlflow.latest_metrics', 'mlflow.metrics'] as const;

const LEAVES = `SELECT trial_id, key, value FROM public.trial_metadata, jsonb_each(metadata - 'hardware')
   UNION ALL SELECT trial_id, 'hardware.' || key, value FROM public.trial_metadata, jsonb_each(metadata -> 'hardware')`;

const MILLISECONDS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;

/**
 * As in layouts/mlflow.ts, and as a client would have logged it: numbers are metrics logged once, all else are tags, a list
 * as its JSON. The tags that MLflow's own clients add to each run are left out.
 */
const FILL = [
  `INSERT INTO mlflow.experiments (experiment_id, name, lifecycle_stage, creation_time, last_update_time)
   SELECT id, name, CASE WHEN archived THEN 'deleted' ELSE 'active' END, ${MILLISECONDS('now()')}, ${MILLISECONDS('now()')}
     FROM public.experiments`,
  `INSERT INTO mlflow.runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
          deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
   SELECT md5(t.id::text), 'trial ' || t.id, 'UNKNOWN', '', '', '', 'FINISHED', ${MILLISECONDS('t.start_time')},
          ${MILLISECONDS('t.end_time')}, CASE WHEN t.archived OR e.archived THEN ${MILLISECONDS('t.end_time')} END, '',
          CASE WHEN t.archived OR e.archived THEN 'deleted' ELSE 'active' END, '', t.experiment_id
     FROM public.trials t JOIN public.experiments e ON e.id = t.experiment_id ORDER BY t.id`,
  `INSERT INTO mlflow.tags (key, value, run_uuid)
   SELECT key, value #>> '{}', md5(trial_id::text) FROM (${LEAVES}) AS leaf WHERE jsonb_typeof(value) <> 'number' ORDER BY trial_id`,
  `INSERT INTO mlflow.latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
   SELECT key, value::double precision, ${MILLISECONDS('t.end_time')}, 0, false, md5(trial_id::text)
     FROM (${LEAVES}) AS leaf JOIN public.trials t ON t.id = trial_id WHERE jsonb_typeof(value) = 'number' ORDER BY trial_id`,
  `INSERT INTO mlflow.metrics (key, value, timestamp, step, is_nan, run_uuid)
   SELECT key, value, timestamp, step, is_nan, run_uuid FROM mlflow.latest_metrics`,
] as const;

/**
 * Makes room for MLflow's tables.
 *
 * @param mark of the tables that are wanted
 * @returns whether they are there already, filled in an earlier run
 */
export async function prepareMlflowTables(client: pg.Client, mark: string): Promise<boolean> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT obj_description(to_regnamespace($1)::oid, 'pg_namespace') AS mark`,
    [MLFLOW_SCHEMA],
  );
  if (rows[0]?.mark === mark) return true;
  await client.query(`DROP SCHEMA IF EXISTS ${MLFLOW_SCHEMA} CASCADE`);
  await client.query(`CREATE SCHEMA ${MLFLOW_SCHEMA}`);
  return false;
}

/**
 * Fills the tables that MLflow made with the trials of the product.
 *
 * @param mark by which a later run knows that they are filled
 */
export async function fillMlflowTables(client: pg.Client, mark: string, progress: Progress): Promise<void> {
  const keys = await keysOf(client, LARGE_TABLES);
  const statements = [
    ...keys.toReversed().map(({ drop }) => drop),
    ...FILL,
    ...keys.map(({ make }) => make),
    ...['experiments', 'runs', 'tags', 'latest_metrics', 'metrics'].map(
      (table) => `VACUUM ANALYZE mlflow.${table}`,
    ),
    `COMMENT ON SCHEMA ${MLFLOW_SCHEMA} IS '${mark}'`,
  ];
  for (const [index, statement] of statements.entries()) {
    progress.part("MLflow's tables", index + 1, statements.length);
    await client.query(statement);
  }
}

interface Key {
  readonly drop: string;
  readonly make: string;
}

/** The keys and indexes of tables, which are made after the rows, as one does for a load of this size. */
async function keysOf(client: pg.Client, tables: readonly string[]): Promise<readonly Key[]> {
  const { rows } = await client.query<Key>(
    `SELECT drop, make FROM (
       SELECT CASE contype WHEN 'p' THEN 1 ELSE 3 END AS turn,
              format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
              format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
         FROM pg_constraint WHERE conrelid = ANY ($1::regclass[]) AND contype IN ('p', 'f')
       UNION ALL
       SELECT 2, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
         FROM pg_index WHERE indrelid = ANY ($1::regclass[]) AND NOT indisprimary) AS key
      ORDER BY turn`,
    [tables],
  );
  return rows;
}
