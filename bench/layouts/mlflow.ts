/** Side D: MLflow's tables: runs, tags and parameters as key/value rows, the latest metrics as key/number rows. */
export const MLFLOW_TABLES = [
  `CREATE TABLE mlflow_runs (run_uuid varchar(32) PRIMARY KEY, run_number bigint NOT NULL, experiment_id integer NOT NULL,
     lifecycle_stage varchar(20) NOT NULL, start_time bigint)`,
  `INSERT INTO mlflow_runs SELECT md5(t.id::text), t.id, t.experiment_id,
          CASE WHEN t.archived OR e.archived THEN 'deleted' ELSE 'active' END, extract(epoch FROM t.start_time) * 1000
     FROM trials t JOIN experiments e ON e.id = t.experiment_id ORDER BY t.id`,
  `CREATE INDEX ON mlflow_runs (experiment_id, lifecycle_stage)`,
  `CREATE INDEX ON mlflow_runs (run_number)`,
  `CREATE TABLE mlflow_tags (key varchar(250) NOT NULL, value varchar(8000), run_uuid varchar(32) NOT NULL)`,
  `INSERT INTO mlflow_tags SELECT leaf.key, leaf.value, md5(trial_id::text) FROM trial_metadata,
          LATERAL (SELECT key, value FROM jsonb_each_text(metadata - 'hardware')
                    WHERE key NOT IN ('runtime_seconds', 'learning_rate', 'batch_size')
                   UNION ALL SELECT 'hardware.gpu', metadata #>> '{hardware,gpu}') AS leaf ORDER BY trial_id`,
  `ALTER TABLE mlflow_tags ADD PRIMARY KEY (key, run_uuid)`,
  `CREATE INDEX ON mlflow_tags (run_uuid)`,
  `CREATE TABLE mlflow_latest_metrics (key varchar(250) NOT NULL, value double precision NOT NULL, run_uuid varchar(32) NOT NULL)`,
  `INSERT INTO mlflow_latest_metrics SELECT leaf.key, leaf.value::double precision, md5(trial_id::text) FROM trial_metadata,
          LATERAL (SELECT key, value FROM jsonb_each(metadata) WHERE jsonb_typeof(value) = 'number'
                   UNION ALL SELECT 'hardware.' || key, value FROM jsonb_each(metadata -> 'hardware')
                    WHERE jsonb_typeof(value) = 'number') AS leaf ORDER BY trial_id`,
  `ALTER TABLE mlflow_latest_metrics ADD PRIMARY KEY (key, run_uuid)`,
  `CREATE INDEX ON mlflow_latest_metrics (run_uuid)`,
] as const;

/** MLflow's search: a join for each condition; tags and metrics of the page are then read by run. */
export function mlflowPage({ joins = '', order, limit = 40 }: MlflowPage): string {
  return `WITH page AS (SELECT r.run_number, r.run_uuid FROM mlflow_runs r ${joins}
      WHERE r.lifecycle_stage = 'active' ORDER BY ${order} LIMIT ${limit})
    SELECT run_number, key, value FROM page JOIN mlflow_tags USING (run_uuid)
    UNION ALL SELECT run_number, key, value::text FROM page JOIN mlflow_latest_metrics USING (run_uuid)`;
}

interface MlflowPage {
  readonly joins?: string;
  readonly order: string;
  readonly limit?: number;
}

/** The join of one condition on a tag. */
export function withTag(key: string, test: string, alias: string): string {
  return `JOIN (SELECT run_uuid FROM mlflow_tags WHERE key = '${key}' AND ${test}) ${alias} ON ${alias}.run_uuid = r.run_uuid`;
}

/** The join of one condition on a metric, or of a sort by it. */
export function withMetric(key: string, test: string, alias: string): string {
  return `JOIN (SELECT run_uuid, value FROM mlflow_latest_metrics WHERE key = '${key}' AND ${test}) ${alias} ON ${alias}.run_uuid = r.run_uuid`;
}
