import { createHash } from 'node:crypto';
import { commitOf, COMMON_WORD, RARE_WORD } from '../data-set.js';

/** A search of MLflow's REST API over all experiments. */
export interface MlflowSearch {
  readonly filter?: string;
  /** @default MLflow's own: newest start first */
  readonly orderBy?: string;
  /** How many runs an answer holds. @default 40 */
  readonly limit?: number;
  /** How many runs come before the page that is read. @default 0 */
  readonly after?: number;
  /** Searches the experiments of so many trials alone, and reads all pages. */
  readonly firstTrials?: number;
}

const GPU = "tags.`hardware.gpu` = 'NVIDIA A100'";
const ADAMW = "tags.optimizer = 'adamw'";
const LARGE = 'metrics.batch_size >= 1024';
const BY_RUNTIME = 'metrics.runtime_seconds ASC';

/**
 * Those of the benchmark's queries that MLflow can express, by name. It has no `or`, no total, no conditions on the keys of an
 * object, and neither lists nor sums up keys and values. Newest first is by start, since runs have no number.
 */
export function mlflowSearches(trials: number): ReadonlyMap<string, MlflowSearch> {
  const commit = commitOf(Math.floor(trials / 3));
  const compared = Array.from({ length: 50 }, (_, index) => 1 + Math.floor((trials / 51) * (index + 1)));
  const runIds = compared.map((id) => `'${createHash('md5').update(String(id)).digest('hex')}'`);
  return new Map<string, MlflowSearch>([
    ['is, 1 in 6, newest first', { filter: GPU }],
    ['is, 1 in 6, by an indexed number', { filter: GPU, orderBy: BY_RUNTIME }],
    ['is, one match', { filter: `tags.commit = '${commit}'` }],
    ['number > x, sorted by it', { filter: 'metrics.runtime_seconds > 50000', orderBy: BY_RUNTIME }],
    ['contains, few matches', { filter: `tags.note ILIKE '%${RARE_WORD}%'` }],
    ['contains, half match', { filter: `tags.note ILIKE '%${COMMON_WORD}%'` }],
    ['contains, no match', { filter: "tags.note ILIKE '%unheard-of%'" }],
    // The list is a tag with its JSON, so an element stands between quotes.
    ['contains on a list', { filter: `tags.tags ILIKE '%"cluster-17"%'` }],
    // Finds no run without the tag, unlike ours; all have it here.
    ['isNot, newest first', { filter: "tags.`hardware.gpu` != 'NVIDIA A100'" }],
    ['two conditions with and', { filter: `${GPU} and ${ADAMW}` }],
    [
      'three conditions with and, by an indexed number',
      { filter: `${GPU} and ${ADAMW} and ${LARGE}`, orderBy: BY_RUNTIME },
    ],
    ['sort by a number without an index', { orderBy: 'metrics.learning_rate ASC' }],
    ['sort by an indexed number, descending', { orderBy: 'metrics.runtime_seconds DESC' }],
    ['sort by a column of the trial, newest start first', { orderBy: 'attributes.start_time DESC' }],
    ['page 100 by cursor, by an indexed number', { filter: GPU, orderBy: BY_RUNTIME, after: 3960 }],
    // The runs are read; their values are laid side by side by whoever asked.
    ['compare 50', { filter: `attributes.run_id IN (${runIds.join(', ')})`, limit: 50 }],
    // In pages of 10,000, as MLflow's own client asks for many.
    ['export of 100,000 (or all) as JSON lines', { limit: 10_000, firstTrials: 100_000 }],
  ]);
}
