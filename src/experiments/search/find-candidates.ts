import {
  bind,
  compareJson,
  orderBy,
  pageValue,
  parseJson,
  sql,
  trustedSql,
  type OrderKey,
  type PageEnd,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { selectTexts, textsOf, type TextRow } from './select-row.js';
import { TRIAL_SOURCE } from './trial-source.js';
import {
  indexedConditions,
  indexedPath,
  isWalkedInOrder,
  pushing,
  walkedKeys,
  walkedMatches,
  walkedTable,
  wholeNumber,
  walkKeys,
  type Walk,
  type Wanted,
} from './trial-walk.js';

/** Experiments among which the first of a search are. */
export interface Candidates {
  readonly ids: readonly string[];
  /** The keys, as texts, of the last trial that was looked at: experiments whose best trial comes before it are all here. */
  readonly until: readonly (string | null)[];
}

/** Rows that are walked for each experiment wanted, and at most. */
const ROWS_EACH = 50;
const LONGEST_WALK = 10_000;
/** Matching trials for each experiment wanted: several may belong to one. */
const TRIALS_EACH = 5;

/**
 * The experiments of the first matching trials in the order of the search, when an index has that order: an experiment
 * sorts by its best trial, which is the first of it that a walk meets. Undefined when there is no such order, or too few
 * trials match.
 */
export async function findCandidates(wanted: Wanted, run: RunSql): Promise<Candidates | undefined> {
  const { tables, indexes, filter, sort, end, limit } = wanted;
  const table = walkedTable(sort);
  const keys = walkKeys(sort, indexes);
  const [first] = keys;
  if (first === undefined || table === undefined || !isWalkedInOrder(sort, indexes)) return undefined;
  if (end !== undefined && (end.values[0] ?? null) === null) return undefined;
  const indexed = indexedPath(sort, indexes);
  const where = [sql`${first.expression} IS NOT NULL`];
  // The order of experiments goes on by the experiment's id: a walk begins at equal values, whatever their trial.
  const from = end === undefined ? [] : [atOrAfter(first, end)];
  const walk: Walk = {
    tables,
    table,
    keys,
    indexed,
    ordered: true,
    hasFirst: true,
    where: [...where, ...from],
    end: undefined,
  };
  const bounded =
    indexed === undefined ? walk : pushing(walk, indexedConditions(filter, indexed, indexes), indexes);
  const rows = await run<TextRow>(
    walkedTrials(wanted, bounded, Math.min(ROWS_EACH * limit, LONGEST_WALK), TRIALS_EACH * limit),
  );
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const texts = rows.map((row) => textsOf(row, 1 + keys.length));
  const ids = [...new Set(texts.map(([id]) => id ?? ''))];
  return ids.length < limit ? undefined : { ids, until: textsOf(last, 1 + keys.length).slice(1) };
}

function atOrAfter({ expression, type, direction }: OrderKey, end: PageEnd): Sql {
  return sql`${expression} ${trustedSql(direction === 'asc' ? '>=' : '<=')} ${bind(end.values[0], type)}`;
}

function walkedTrials(wanted: Wanted, walk: Walk, rows: number, limit: number): Sql {
  const { from, where } = walkedMatches(wanted, walk, rows);
  const keys = walkedKeys(walk);
  const selected = selectTexts([trustedSql('"trial"."experiment_id"'), ...keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM ${from} WHERE ${where} ORDER BY ${orderBy(keys, TRIAL_SOURCE.trialId, true)} LIMIT ${wholeNumber(limit)}`;
}

/** Whether a row of the search comes before the last trial looked at, so that no experiment can come between. */
export function isBefore(end: PageEnd, { until }: Candidates, keys: readonly OrderKey[]): boolean {
  return keys.some(({ type }, index) => {
    const value = end.values[index] ?? null;
    const bound = until[index] ?? null;
    if (type !== 'jsonb' || value === null || bound === null) return value !== bound;
    // Not as texts: 1 and 1.0 are equal.
    return compareJson(parseJson(value), parseJson(bound)) !== 0;
  });
}
