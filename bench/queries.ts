import { commitOf, COMMON_WORD, RARE_WORD } from './data-set.js';
import { columnPage } from './layouts/columns.js';
import { determinedPage, inIndex } from './layouts/determined.js';
import { mlflowPage, withMetric, withTag } from './layouts/mlflow.js';
import { overviews } from './overview-queries.js';
import {
  adamw,
  condition,
  count,
  gpu,
  large,
  NEWEST,
  RUNTIME,
  trials,
  type BenchQuery,
} from './query-parts.js';

export type { BenchQuery } from './query-parts.js';

const A_RUNTIME = `(m.metadata -> 'runtime_seconds') ASC NULLS LAST, t.id`;
const A_GPU = `AND ${inIndex('hardware.gpu', `string_value = 'NVIDIA A100'`)}`;
const A_ADAMW = `AND ${inIndex('optimizer', `string_value = 'adamw'`)}`;
const A_LARGE = `AND ${inIndex('batch_size', 'integer_value >= 1024')}`;
const A_NUMBER = (test: string): string => `(integer_value ${test} OR float_value ${test})`;
const D_GPU = withTag('hardware.gpu', `value = 'NVIDIA A100'`, 'g');
const D_ADAMW = withTag('optimizer', `value = 'adamw'`, 'o');
const D_LARGE = withMetric('batch_size', 'value >= 1024', 'b');
const D_RUNTIME = withMetric('runtime_seconds', 'true', 's');

/** The queries of a data set of so many trials. */
export function benchQueries(trials: number): readonly BenchQuery[] {
  const commit = commitOf(Math.floor(trials / 3));
  return [...seven(commit), ...filters(), ...contains(), ...sorts(), ...overviews(trials)];
}

/** Those of section 7 of the design. */
function seven(commit: string): readonly BenchQuery[] {
  return [
    {
      name: 'is, 1 in 6, newest first',
      request: trials(gpu, NEWEST),
      a: determinedPage({ where: A_GPU, order: 't.id DESC' }),
      c: columnPage({ where: `AND c.gpu = 'NVIDIA A100'`, order: 'c.trial_id DESC' }),
      d: mlflowPage({ joins: D_GPU, order: 'r.run_number DESC' }),
      goal: 'page',
    },
    {
      name: 'is, 1 in 6, by an indexed number',
      request: trials(gpu, RUNTIME),
      a: determinedPage({ where: A_GPU, order: A_RUNTIME }),
      c: columnPage({ where: `AND c.gpu = 'NVIDIA A100'`, order: 'c.runtime_seconds, c.trial_id' }),
      d: mlflowPage({ joins: `${D_GPU} ${D_RUNTIME}`, order: 's.value, r.run_number' }),
      goal: 'page',
    },
    {
      name: 'is, one match',
      request: trials(condition('commit', 'is', commit), NEWEST),
      a: determinedPage({
        where: `AND ${inIndex('commit', `string_value = '${commit}'`)}`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND c.commit = '${commit}'`, order: 'c.trial_id DESC' }),
      d: mlflowPage({ joins: withTag('commit', `value = '${commit}'`, 'k'), order: 'r.run_number DESC' }),
      goal: 'page',
    },
    {
      name: 'number > x, sorted by it',
      request: trials(condition('runtime_seconds', 'gt', 50_000), RUNTIME),
      a: determinedPage({
        where: `AND ${inIndex('runtime_seconds', A_NUMBER('> 50000'))}`,
        order: A_RUNTIME,
      }),
      c: columnPage({ where: 'AND c.runtime_seconds > 50000', order: 'c.runtime_seconds, c.trial_id' }),
      d: mlflowPage({
        joins: withMetric('runtime_seconds', 'value > 50000', 's'),
        order: 's.value, r.run_number',
      }),
      goal: 'page',
    },
    {
      name: 'contains, few matches',
      request: trials(condition('note', 'contains', RARE_WORD), NEWEST),
      a: determinedPage({
        where: `AND ${inIndex('note', `string_value ILIKE '%${RARE_WORD}%'`)}`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND lower(c.note) LIKE '%${RARE_WORD}%'`, order: 'c.trial_id DESC' }),
      d: mlflowPage({
        joins: withTag('note', `value ILIKE '%${RARE_WORD}%'`, 'n'),
        order: 'r.run_number DESC',
      }),
      goal: 100,
    },
    {
      name: 'exact count, 1 in 6',
      readsAll: true,
      request: trials(gpu, NEWEST, { limit: 1, fields: [], count: 'exact' }),
      a: count(`runs_metadata m ON m.run_id = t.id WHERE NOT t.archived AND NOT e.archived ${A_GPU}`),
      c: count(
        `typed_trials c ON c.trial_id = t.id WHERE NOT t.archived AND NOT e.archived AND c.gpu = 'NVIDIA A100'`,
      ),
      d: `SELECT count(*) FROM mlflow_runs r ${D_GPU} WHERE r.lifecycle_stage = 'active'`,
    },
    {
      name: 'sort by a number without an index',
      readsAll: true,
      request: trials(undefined, [{ field: 'metadata.learning_rate', direction: 'asc' }]),
      a: determinedPage({ order: `(m.metadata -> 'learning_rate') ASC NULLS LAST, t.id` }),
      c: columnPage({ order: 'c.learning_rate, c.trial_id' }),
      d: mlflowPage({ joins: withMetric('learning_rate', 'true', 's'), order: 's.value, r.run_number' }),
      goal: 350,
    },
  ];
}

function filters(): readonly BenchQuery[] {
  const A_NOT = `AND NOT t.id IN (SELECT run_id FROM runs_metadata_index WHERE flat_key = 'hardware.gpu' AND string_value = 'NVIDIA A100')`;
  return [
    {
      name: 'isNot, newest first',
      request: trials(condition('hardware.gpu', 'isNot', 'NVIDIA A100'), NEWEST),
      a: determinedPage({ where: A_NOT, order: 't.id DESC' }),
      c: columnPage({ where: `AND c.gpu IS DISTINCT FROM 'NVIDIA A100'`, order: 'c.trial_id DESC' }),
      goal: 'page',
    },
    {
      name: 'two conditions with and',
      request: trials({ and: [gpu, adamw] }, NEWEST),
      a: determinedPage({ where: `${A_GPU} ${A_ADAMW}`, order: 't.id DESC' }),
      c: columnPage({
        where: `AND c.gpu = 'NVIDIA A100' AND c.optimizer = 'adamw'`,
        order: 'c.trial_id DESC',
      }),
      d: mlflowPage({ joins: `${D_GPU} ${D_ADAMW}`, order: 'r.run_number DESC' }),
      goal: 'page',
    },
    {
      name: 'three conditions with and, by an indexed number',
      request: trials({ and: [gpu, adamw, large] }, RUNTIME),
      a: determinedPage({ where: `${A_GPU} ${A_ADAMW} ${A_LARGE}`, order: A_RUNTIME }),
      c: columnPage({
        where: `AND c.gpu = 'NVIDIA A100' AND c.optimizer = 'adamw' AND c.batch_size >= 1024`,
        order: 'c.runtime_seconds, c.trial_id',
      }),
      d: mlflowPage({ joins: `${D_GPU} ${D_ADAMW} ${D_LARGE} ${D_RUNTIME}`, order: 's.value, r.run_number' }),
      goal: 'page',
    },
    {
      name: 'two conditions with or',
      request: trials({ or: [gpu, adamw] }, NEWEST),
      a: determinedPage({ where: `AND (${A_GPU.slice(4)} OR ${A_ADAMW.slice(4)})`, order: 't.id DESC' }),
      c: columnPage({
        where: `AND (c.gpu = 'NVIDIA A100' OR c.optimizer = 'adamw')`,
        order: 'c.trial_id DESC',
      }),
      goal: 'page',
    },
    {
      name: 'three conditions with or, by an indexed number',
      request: trials({ or: [gpu, adamw, large] }, RUNTIME),
      a: determinedPage({
        where: `AND (${A_GPU.slice(4)} OR ${A_ADAMW.slice(4)} OR ${A_LARGE.slice(4)})`,
        order: A_RUNTIME,
      }),
      c: columnPage({
        where: `AND (c.gpu = 'NVIDIA A100' OR c.optimizer = 'adamw' OR c.batch_size >= 1024)`,
        order: 'c.runtime_seconds, c.trial_id',
      }),
      goal: 'page',
    },
  ];
}

function contains(): readonly BenchQuery[] {
  return [
    {
      name: 'contains, half match',
      request: trials(condition('note', 'contains', COMMON_WORD), NEWEST),
      a: determinedPage({
        where: `AND ${inIndex('note', `string_value ILIKE '%${COMMON_WORD}%'`)}`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND lower(c.note) LIKE '%${COMMON_WORD}%'`, order: 'c.trial_id DESC' }),
      d: mlflowPage({
        joins: withTag('note', `value ILIKE '%${COMMON_WORD}%'`, 'n'),
        order: 'r.run_number DESC',
      }),
      goal: 100,
    },
    {
      name: 'contains, no match',
      request: trials(condition('note', 'contains', 'unheard-of'), NEWEST, { count: 'none' }),
      a: determinedPage({
        where: `AND ${inIndex('note', `string_value ILIKE '%unheard-of%'`)}`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND lower(c.note) LIKE '%unheard-of%'`, order: 'c.trial_id DESC' }),
      d: mlflowPage({
        joins: withTag('note', `value ILIKE '%unheard-of%'`, 'n'),
        order: 'r.run_number DESC',
      }),
      goal: 100,
    },
    {
      name: 'contains on a list',
      request: trials(condition('tags', 'contains', 'cluster-17'), NEWEST),
      a: determinedPage({
        where: `AND ${inIndex('tags', `string_value ILIKE '%cluster-17%'`)}`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND c.tags @> '{cluster-17}'`, order: 'c.trial_id DESC' }),
      goal: 100,
    },
    {
      name: 'contains on an object',
      request: trials(condition('hardware', 'contains', 'mi300'), NEWEST),
      a: determinedPage({
        where: `AND t.id IN (SELECT run_id FROM runs_metadata_index WHERE flat_key LIKE 'hardware.%' AND string_value ILIKE '%mi300%')`,
        order: 't.id DESC',
      }),
      c: columnPage({ where: `AND c.gpu ILIKE '%mi300%'`, order: 'c.trial_id DESC' }),
      goal: 100,
    },
  ];
}

function sorts(): readonly BenchQuery[] {
  const descending = [{ field: 'metadata.runtime_seconds', direction: 'desc' }];
  return [
    {
      name: 'sort by an indexed number, descending',
      request: trials(undefined, descending),
      a: determinedPage({ order: `(m.metadata -> 'runtime_seconds') DESC NULLS LAST, t.id` }),
      c: columnPage({ order: 'c.runtime_seconds DESC NULLS LAST, c.trial_id' }),
      d: mlflowPage({ joins: D_RUNTIME, order: 's.value DESC, r.run_number' }),
      goal: 'page',
    },
    {
      name: 'sort by a column of the trial, newest start first',
      request: trials(undefined, [{ field: 'trial.startTime', direction: 'desc' }]),
      a: determinedPage({ order: 't.start_time DESC NULLS LAST, t.id' }),
      c: columnPage({ order: 't.start_time DESC NULLS LAST, t.id' }),
      d: mlflowPage({ order: 'r.start_time DESC, r.run_number' }),
      goal: 'page',
    },
    {
      name: 'page 100 by cursor, by an indexed number',
      request: trials(gpu, RUNTIME),
      follow: true,
      a: determinedPage({ where: A_GPU, order: A_RUNTIME, offset: 3960 }),
      c: `${columnPage({ where: `AND c.gpu = 'NVIDIA A100'`, order: 'c.runtime_seconds, c.trial_id' })} OFFSET 3960`,
      goal: 'page',
    },
    {
      name: 'total, capped at 10,000',
      request: trials(gpu, NEWEST, { limit: 1, fields: [], count: 'capped' }),
      c: `SELECT count(*) FROM (SELECT FROM typed_trials c JOIN trials t ON t.id = c.trial_id JOIN experiments e ON e.id = t.experiment_id
          WHERE NOT t.archived AND NOT e.archived AND c.gpu = 'NVIDIA A100' LIMIT 10001) AS capped`,
      goal: 10,
    },
  ];
}
