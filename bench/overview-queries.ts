import { inIndex } from './layouts/determined.js';
import { gpu, RUNTIME, type BenchQuery } from './query-parts.js';

const A_GPU = `AND ${inIndex('hardware.gpu', `string_value = 'NVIDIA A100'`)}`;

/** Those that look at many trials at once. */
export function overviews(trials: number): readonly BenchQuery[] {
  const ids = Array.from({ length: 50 }, (_, index) => 1 + Math.floor((trials / 51) * (index + 1)));
  return [
    {
      name: 'experiments by trial metadata, sorted',
      readsAll: true,
      request: {
        method: 'POST',
        path: '/experiments/search',
        body: { filter: gpu, sort: RUNTIME, count: 'none' },
      },
      a: `SELECT e.id, min((m.metadata ->> 'runtime_seconds')::numeric) FROM trials t JOIN experiments e ON e.id = t.experiment_id
            JOIN runs_metadata m ON m.run_id = t.id WHERE NOT t.archived AND NOT e.archived ${A_GPU}
           GROUP BY e.id ORDER BY 2, 1 LIMIT 40`,
      c: `SELECT e.id, min(c.runtime_seconds) FROM typed_trials c JOIN trials t ON t.id = c.trial_id JOIN experiments e ON e.id = t.experiment_id
           WHERE NOT t.archived AND NOT e.archived AND c.gpu = 'NVIDIA A100' GROUP BY e.id ORDER BY 2, 1 LIMIT 40`,
    },
    {
      name: 'fields',
      request: { method: 'GET', path: '/metadata/fields' },
      a: `SELECT flat_key, count(*) FROM runs_metadata_index GROUP BY flat_key ORDER BY flat_key`,
      goal: 5,
    },
    {
      name: 'values of a field with 6',
      request: { method: 'GET', path: '/metadata/values?field=metadata.hardware.gpu' },
      a: `SELECT string_value, count(*) FROM runs_metadata_index WHERE flat_key = 'hardware.gpu' GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      c: `SELECT gpu, count(*) FROM typed_trials GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      d: `SELECT value, count(*) FROM mlflow_tags WHERE key = 'hardware.gpu' GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      goal: 20,
    },
    {
      name: 'values of a field with as many as trials',
      request: { method: 'GET', path: '/metadata/values?field=metadata.commit' },
      a: `SELECT string_value, count(*) FROM runs_metadata_index WHERE flat_key = 'commit' GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      c: `SELECT commit, count(*) FROM typed_trials GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      d: `SELECT value, count(*) FROM mlflow_tags WHERE key = 'commit' GROUP BY 1 ORDER BY 2 DESC LIMIT 40`,
      goal: 100,
    },
    {
      name: 'aggregate by one field',
      readsAll: true,
      request: {
        method: 'POST',
        path: '/trials/aggregate',
        body: {
          groupBy: ['metadata.hardware.gpu'],
          measures: [{ field: 'metadata.runtime_seconds', op: 'mean' }],
        },
      },
      a: `SELECT m.metadata -> 'hardware' -> 'gpu', count(*), avg((m.metadata -> 'runtime_seconds')::numeric) FROM runs_metadata m
            JOIN trials t ON t.id = m.run_id JOIN experiments e ON e.id = t.experiment_id WHERE NOT t.archived AND NOT e.archived GROUP BY 1`,
      c: `SELECT gpu, count(*), avg(runtime_seconds) FROM typed_trials c JOIN trials t ON t.id = c.trial_id
            JOIN experiments e ON e.id = t.experiment_id WHERE NOT t.archived AND NOT e.archived GROUP BY 1`,
      goal: 600,
    },
    { name: 'compare 50', request: { method: 'POST', path: '/trials/compare', body: { trialIds: ids } } },
    {
      name: 'export of 100,000 (or all) as JSON lines',
      readsAll: true,
      request: {
        method: 'GET',
        path: `/trials/export?format=jsonl&filter=${encodeURIComponent(
          JSON.stringify({ field: 'trial.id', operator: 'lte', value: 100_000 }),
        )}`,
      },
    },
  ];
}
