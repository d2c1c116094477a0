import pg from 'pg';

/** Determined's tables, as far as the import reads them, with the types that they have there. */
const SCHEMA = `
CREATE TYPE experiment_state AS ENUM ('ACTIVE', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELED', 'ERROR', 'STOPPING_COMPLETED',
  'STOPPING_CANCELED', 'STOPPING_KILLED', 'STOPPING_ERROR', 'DELETING', 'DELETE_FAILED');
CREATE TABLE workspaces (id serial PRIMARY KEY, name varchar NOT NULL, archived boolean NOT NULL DEFAULT false);
CREATE TABLE projects (
  id serial PRIMARY KEY, name text NOT NULL, description text, archived boolean NOT NULL DEFAULT false,
  workspace_id integer NOT NULL REFERENCES workspaces, created_at timestamptz NOT NULL DEFAULT now(), key varchar);
CREATE TABLE experiments (
  id serial PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, state experiment_state NOT NULL, config jsonb NOT NULL,
  start_time timestamp NOT NULL, end_time timestamp, archived boolean NOT NULL DEFAULT false, owner_id integer, notes text);
CREATE TABLE runs (
  id serial PRIMARY KEY, experiment_id integer REFERENCES experiments, project_id integer NOT NULL REFERENCES projects,
  state experiment_state NOT NULL, start_time timestamptz NOT NULL, end_time timestamptz,
  archived boolean NOT NULL DEFAULT false, hparams jsonb, searcher_metric_value double precision, external_run_id text);
CREATE TABLE runs_metadata (run_id integer PRIMARY KEY REFERENCES runs ON DELETE CASCADE, metadata jsonb);
CREATE TABLE runs_metadata_index (
  id serial PRIMARY KEY, run_id integer, flat_key varchar, string_value varchar, integer_value integer, float_value double precision,
  boolean_value boolean, timestamp_value timestamptz, project_id integer, is_array_element boolean);
CREATE INDEX ON runs_metadata_index (flat_key);`;

const ROWS = `
INSERT INTO workspaces VALUES (1, 'Uncategorized', false), (2, 'Vision', false), (3, 'Old', true);
INSERT INTO projects VALUES
  (1, 'Uncategorized', 'Default project', false, 1, '2023-01-02 03:04:05+00', 'UNC'),
  (4, 'Benchmarks', NULL, false, 2, '2023-02-01 00:00:00+00', 'BEN'),
  (5, 'Benchmarks', 'the old ones', false, 3, '2022-02-01 00:00:00+00', 'BE2');
INSERT INTO experiments VALUES
  (10, 1, 'COMPLETED', '{"name": "bert", "description": "large", "labels": ["a", "b"]}', '2024-05-09 03:21:50.183', '2024-05-09 04:00:00', false, 1, 'notes'),
  (12, 4, 'STOPPING_KILLED', '{"labels": []}', '2024-05-10 00:00:00', NULL, true, 1, NULL),
  (13, 5, 'DELETING', '{"name": "gone"}', '2024-05-11 00:00:00', NULL, false, 1, NULL);
INSERT INTO runs VALUES
  (110, 10, 1, 'COMPLETED', '2024-05-09 03:21:50.183+00', '2024-05-09 03:33:15.69+00', false, '{"lr": 0.1}', 0.5, NULL),
  (111, 10, 1, 'ERROR', '2024-05-09 03:21:50+00', NULL, true, NULL, NULL, 'ext'),
  (200, 12, 4, 'RUNNING', '2024-05-10 00:00:00+00', NULL, false, NULL, NULL, NULL),
  (300, NULL, 4, 'ACTIVE', '2024-05-10 00:00:00+00', NULL, false, NULL, NULL, NULL);
INSERT INTO runs_metadata VALUES
  (110, '{"hardware": {"gpu": "NVIDIA A100"}, "big": 9007199254740993, "exact": 0.1000000000000000055}'),
  (200, NULL);`;

/** Makes a small database of Determined's, and gives a client of it. */
export async function fillSource(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(SCHEMA);
  await client.query(ROWS);
  return client;
}
