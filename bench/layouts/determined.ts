/**
 * Side A: Determined's tables. The document as JSONB, and one row for each leaf value with a single index, on the key's name.
 */
export const DETERMINED_TABLES = [
  `CREATE TABLE runs_metadata (run_id integer PRIMARY KEY, metadata jsonb NOT NULL)`,
  `INSERT INTO runs_metadata SELECT trial_id, metadata FROM trial_metadata ORDER BY trial_id`,
  `CREATE TABLE runs_metadata_index (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run_id integer NOT NULL, flat_key text NOT NULL,
     string_value text, integer_value integer, float_value double precision, boolean_value boolean,
     timestamp_value timestamptz, project_id integer NOT NULL, is_array_element boolean NOT NULL)`,
  `INSERT INTO runs_metadata_index (run_id, flat_key, string_value, integer_value, float_value, project_id, is_array_element)
   SELECT trial_id, leaf.key, CASE WHEN jsonb_typeof(leaf.value) = 'string' THEN leaf.value #>> '{}' END,
          CASE WHEN jsonb_typeof(leaf.value) = 'number' AND leaf.value::text !~ '[.eE]' THEN leaf.value::integer END,
          CASE WHEN jsonb_typeof(leaf.value) = 'number' AND leaf.value::text ~ '[.eE]' THEN leaf.value::double precision END,
          experiments.project_id, leaf.element
     FROM trial_metadata JOIN trials ON trials.id = trial_id JOIN experiments ON experiments.id = experiment_id,
          LATERAL (SELECT top.key, top.value, false AS element FROM jsonb_each(metadata) AS top
                    WHERE jsonb_typeof(top.value) NOT IN ('object', 'array')
                   UNION ALL SELECT 'hardware.' || part.key, part.value, false FROM jsonb_each(metadata -> 'hardware') AS part
                   UNION ALL SELECT 'tags', tag, true FROM jsonb_array_elements(metadata -> 'tags') AS tag) AS leaf
    ORDER BY trial_id`,
  `CREATE INDEX runs_metadata_index_flat_key ON runs_metadata_index (flat_key)`,
] as const;

/** How Determined's search reads a page: a sub-select on the index table for each condition. */
export function determinedPage({
  where = '',
  order,
  from = '',
  limit = 40,
  offset = 0,
}: DeterminedPage): string {
  return `SELECT t.id, t.state, t.start_time, t.end_time, e.id, e.name, e.project_id, m.metadata::text
    FROM trials t JOIN experiments e ON e.id = t.experiment_id LEFT JOIN runs_metadata m ON m.run_id = t.id ${from}
   WHERE NOT t.archived AND NOT e.archived ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
}

interface DeterminedPage {
  readonly where?: string;
  readonly order: string;
  readonly from?: string;
  readonly limit?: number;
  readonly offset?: number;
}

/** A condition of Determined's search. */
export function inIndex(key: string, test: string): string {
  return `t.id IN (SELECT run_id FROM runs_metadata_index WHERE flat_key = '${key}' AND ${test})`;
}
