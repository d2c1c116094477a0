import { EVERYTHING, lookedUpRows, sql, type OrderKey, type RunSql, type Sql } from '../../metadata/index.js';
import { allAtOnce, allOf } from './all-matches.js';
import { ofFewExperiments } from './few-experiments.js';
import { hasMetadataThroughout } from './metadata-throughout.js';
import type { TextRow } from './select-row.js';
import {
  asksWhetherEnded,
  documentConditions,
  isOfDocument,
  pushing,
  walkedTable,
  walkKeys,
  type Walk,
  type Wanted,
} from './trial-walk.js';
import {
  begin,
  bounded,
  firstRows,
  MOST_WANTED,
  nextRows,
  walkedPage,
  type ShortWalk,
} from './walked-page.js';

/** The first trials of a search. */
export interface TrialsFound {
  /** Texts: the id and the values of the sort keys. */
  readonly rows: readonly TextRow[];
  /** Whether so few match that it is worth while to look them up, be it for a count. */
  readonly few: boolean;
  /** Whether all trials were looked at, those without a value of the first key too. */
  readonly isWhole?: boolean;
}

/** Rows that are read in the order of the search at most, in the hope that enough of them match. */
const LONGEST_WALK = 20_000;
/** Rows kept of an order that no index has, in the hope that enough of them match; and where all but archived trials do. */
const SORTED_WALK = 2_000;
const SURE_WALK = 500;

/**
 * The first trials of a search.
 *
 * How many trials meet a filter can't be known before, and each way to find them is a hundred times too slow for some
 * filter: looking all matches up in the indexes when there are many, walking the order until enough have matched when
 * there are few. So it walks a little, and how many have matched decides how to go on. Trials with a value of the first
 * key and those without are two such searches, since an index read backwards begins with the missing ones.
 * @param walked how far it was walked a moment ago: then it is not walked again unless further
 */
export async function findTrials(wanted: Wanted, run: RunSql, walked?: ShortWalk): Promise<TrialsFound> {
  const keys = walkKeys(wanted.sort, wanted.indexes);
  const table = walkedTable(wanted.sort);
  if (table === undefined || wanted.limit > MOST_WANTED) {
    return { rows: await run(allOf(wanted, keys)), few: false };
  }
  const begun = begin(wanted, table, keys);
  if (begun.kind === 'all') return await findPart(wanted, begun.walk, keys, undefined, run, walked);
  const found =
    begun.kind === 'missing'
      ? { rows: [], few: false }
      : await findPart(wanted, begun.walk, keys, undefined, run, walked);
  if (found.rows.length >= wanted.limit || found.isWhole === true) return found;
  const rest = await findMissing(wanted, keys, wanted.limit - found.rows.length, run);
  return { rows: [...found.rows, ...rest.rows], few: found.few || rest.few };
}

/** Those without a value of the first key; the others then decide the order. */
async function findMissing(
  wanted: Wanted,
  keys: readonly OrderKey[],
  limit: number,
  run: RunSql,
): Promise<TrialsFound> {
  const [first, ...others] = keys;
  if (first === undefined) return { rows: [], few: false };
  const missing = sql`${first.expression} IS NULL`;
  const part = { ...wanted, limit };
  // The end counts where it is one of these; else all of them come after it.
  const { end } = wanted;
  const isBegun = end !== undefined && (end.values[0] ?? null) === null;
  const ownEnd = isBegun ? { id: end.id, values: end.values.slice(1) } : undefined;
  const [, ...otherSort] = wanted.sort;
  if (walkedTable(otherSort) !== 'trials') return { rows: await run(allOf(part, keys, missing)), few: false };
  const isColumn = wanted.sort[0]?.field.kind === 'column';
  const where = isColumn ? [missing] : [];
  const walk: Walk = {
    tables: wanted.tables,
    table: 'trials',
    keys: others,
    indexed: undefined,
    ordered: others.length === 0,
    hasFirst: others.length === 0,
    where,
    end: ownEnd,
  };
  return await findPart(part, walk, keys, missing, run);
}

/**
 * Walks one part of the order, and goes on to all of it where the walk shows that few match.
 * @param keys of the whole order, which the rows hold
 * @param condition what bounds a look at all trials to the part; absent: such a look needs no other part
 * @param walked how far this part was walked before
 */
async function findPart(
  wanted: Wanted,
  walk: Walk,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  run: RunSql,
  walked?: ShortWalk,
): Promise<TrialsFound> {
  const { filter, indexes, limit, tables } = wanted;
  const walkOn = (rows: number, part: Walk) =>
    run<TextRow>(
      walkedPage(wanted, part, rows, { missing: part.keys.length < keys.length ? condition : undefined }),
    );
  const lookedUp = wanted.readsAll === true ? undefined : lookedUpRows(filter, tables, indexes);
  const findAll = async () => {
    const withMetadata = lookedUp === undefined && (await hasMetadataThroughout(wanted, run));
    return {
      rows: await run<TextRow>(allAtOnce({ ...wanted, withMetadata }, keys, condition, lookedUp)),
      few: lookedUp !== undefined,
      isWhole: condition === undefined,
    };
  };
  if (!walk.ordered) {
    const onDocuments = walk.table === 'metadata';
    const pushed = onDocuments ? documentConditions(filter) : EVERYTHING;
    const isSure = onDocuments && isOfDocument(filter) && wanted.experiments === undefined;
    const most = Math.max(isSure ? SURE_WALK : SORTED_WALK, 2 * limit);
    const rows = await walkOn(most, pushing(walk, pushed, indexes, wanted.readsAll));
    return rows.length >= limit ? { rows, few: false } : await findAll();
  }
  const part = bounded(wanted, walk);
  const begun = walked?.rows ?? firstRows(wanted);
  const rows = walked === undefined ? await walkOn(begun, part) : undefined;
  if (rows !== undefined && rows.length >= limit) return { rows, few: false };
  const [all] = await run<{ ended: boolean }>(asksWhetherEnded(part, begun));
  if (all?.ended) return { rows: rows ?? (await walkOn(begun, part)), few: false };
  const few = await ofFewExperiments(wanted, run);
  if (few !== undefined) {
    const restriction = sql`${wanted.restriction} AND ${few}`;
    const rows = await run<TextRow>(allAtOnce({ ...wanted, restriction }, keys, condition, undefined));
    return { rows, few: false, isWhole: condition === undefined };
  }
  const longer = nextRows(wanted, walked ?? { rows: begun, matched: rows?.length ?? 0 });
  if (longer <= LONGEST_WALK) {
    const more = await walkOn(longer, part);
    if (more.length >= limit) return { rows: more, few: lookedUp !== undefined };
  }
  return await findAll();
}
