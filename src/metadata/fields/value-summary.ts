import { createHash } from 'node:crypto';
import type { Path } from '../document/index.js';
import { sql, type Sql } from '../query/index.js';

/** The values of which field are summed up, over which trials. */
export interface SummarySubject {
  readonly path: Path;
  /** One scope (project); undefined: all trials. */
  readonly scope: string | undefined;
}

/** A summary that there is, and so one whose counts must move with every write. */
export interface Summary extends SummarySubject {
  readonly id: string;
  /** False while its values are read for the first time: until then it only collects what changes. */
  readonly ready: boolean;
}

/** The key of a subject's summary: the same in every process. */
export function summaryId({ scope, path }: SummarySubject): string {
  return createHash('sha256')
    .update(JSON.stringify([scope ?? null, path]))
    .digest('base64url');
}

/**
 * The summary that holds what a user sees of a field; undefined when there can be none, since he sees neither all trials nor
 * exactly one whole scope.
 * @param visible the scopes that he sees whole, when these make up all that he sees
 * @param scope the one that he asks for; undefined: all that he sees
 */
export function summarySubject(
  path: Path,
  scope: string | undefined,
  visible: 'all' | readonly string[] | undefined,
): SummarySubject | undefined {
  if (visible === 'all') return { path, scope };
  if (visible === undefined) return undefined;
  if (scope !== undefined) return visible.includes(scope) ? { path, scope } : undefined;
  const [only, ...others] = visible;
  return only === undefined || others.length > 0 ? undefined : { path, scope: only };
}

/**
 * Whether a summary may list the value: no list or object, since an empty one cannot be looked up; nothing that is too long for
 * an entry of an index.
 */
export function isListable(value: Sql): Sql {
  return sql`CASE WHEN jsonb_typeof(${value}) IN ('array', 'object') THEN false ELSE octet_length((${value})::text) <= 1000 END`;
}
