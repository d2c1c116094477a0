import type { RestRequest } from './rest-client.js';

/** One thing that is measured, on each side that can do it. */
export interface BenchQuery {
  readonly name: string;
  /** What is asked of the product. */
  readonly request: RestRequest;
  /** As for `request`, where the request must be made at run time, e.g. the second page of another one. */
  readonly follow?: true;
  readonly a?: string;
  readonly c?: string;
  readonly d?: string;
  /** The goal for B, in milliseconds, beside those that hold for all pages. */
  readonly goal?: number | 'page';
  /** Set where all matches or all documents must be read, so that it grows with them. */
  readonly readsAll?: true;
}

export const NEWEST = [{ field: 'trial.id', direction: 'desc' }];
export const RUNTIME = [{ field: 'metadata.runtime_seconds', direction: 'asc' }];
export const gpu = condition('hardware.gpu', 'is', 'NVIDIA A100');
export const adamw = condition('optimizer', 'is', 'adamw');
export const large = condition('batch_size', 'gte', 1024);

export function condition(path: string, operator: string, value: unknown): object {
  return { field: `metadata.${path}`, operator, value };
}

/** A page of 40; without a total, as none of the other sides counts one. */
export function trials(
  filter: object | undefined,
  sort: readonly object[],
  more: object = { count: 'none' },
): RestRequest {
  return { method: 'POST', path: '/trials/search', body: { filter, sort, ...more } };
}

export function count(joined: string): string {
  return `SELECT count(*) FROM trials t JOIN experiments e ON e.id = t.experiment_id JOIN ${joined}`;
}
