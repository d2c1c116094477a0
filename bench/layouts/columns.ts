/** Side C: a table with a typed and indexed column for each key. It cannot hold what nobody foresaw; it is the floor. */
export const COLUMN_TABLES = [
  `CREATE TABLE typed_trials (
     trial_id bigint PRIMARY KEY, framework text, gpu text, gpu_count integer, memory_gb integer, batch_size integer,
     learning_rate double precision, optimizer text, runtime_seconds double precision, dataset text, commit text,
     tags text[], note text)`,
  `INSERT INTO typed_trials
   SELECT trial_id, metadata ->> 'framework', metadata #>> '{hardware,gpu}', (metadata #> '{hardware,count}')::integer,
          (metadata #> '{hardware,memory_gb}')::integer, (metadata -> 'batch_size')::integer,
          (metadata -> 'learning_rate')::double precision, metadata ->> 'optimizer',
          (metadata -> 'runtime_seconds')::double precision, metadata ->> 'dataset', metadata ->> 'commit',
          ARRAY(SELECT jsonb_array_elements_text(metadata -> 'tags')), metadata ->> 'note'
     FROM trial_metadata ORDER BY trial_id`,
  ...[
    ...['framework', 'gpu', 'gpu_count', 'memory_gb', 'batch_size', 'learning_rate', 'optimizer'],
    ...['runtime_seconds', 'dataset', 'commit'],
  ].map((column) => `CREATE INDEX ON typed_trials (${column}, trial_id)`),
  `CREATE INDEX ON typed_trials USING gin (tags)`,
  `CREATE INDEX ON typed_trials USING gin (lower(note) gin_trgm_ops)`,
  `CREATE INDEX ON typed_trials USING gin (lower(framework) gin_trgm_ops)`,
] as const;

/** A page of the floor. */
export function columnPage({ where = '', order, limit = 40 }: ColumnPage): string {
  return `SELECT t.id, t.state, t.start_time, t.end_time, e.id, e.name, e.project_id, c.*
    FROM typed_trials c JOIN trials t ON t.id = c.trial_id JOIN experiments e ON e.id = t.experiment_id
   WHERE NOT t.archived AND NOT e.archived ${where} ORDER BY ${order} LIMIT ${limit}`;
}

interface ColumnPage {
  readonly where?: string;
  readonly order: string;
  readonly limit?: number;
}
