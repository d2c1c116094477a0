import {
  afterPageEnd,
  bind,
  EVERYTHING,
  joinSql,
  matchingTrials,
  orderBy,
  pageValue,
  sql,
  type OrderKey,
  type ReadRows,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { columnsOf } from './page.js';
import { selectTexts, type TextRow } from './select-row.js';
import { TRIAL_SOURCE } from './trial-source.js';
import {
  asksWhetherEnded,
  documentConditions,
  indexedPath,
  isById,
  isWalkedInOrder,
  lookedUpRows,
  pushing,
  walkedKeys,
  walkedMatches,
  walkedTable,
  wholeNumber,
  walkKeys,
  type Walk,
  type Wanted,
} from './trial-walk.js';

/** The first trials of a search. */
export interface TrialsFound {
  /** Texts: the id and the values of the sort keys. */
  readonly rows: readonly TextRow[];
  /** Whether so few match that it is worth while to look them up, be it for a count. */
  readonly few: boolean;
}

/** More than these are not looked for by walking the order. */
const MOST_WANTED = 2_000;
/** Rows that are read in the order of the search at first, and at most, in the hope that enough of them match. */
const FIRST_WALK = 500;
const LONGEST_WALK = 20_000;
/** Rows kept of an order that no index has. */
const SORTED_WALK = 2_000;

/**
 * The first trials of a search.
 *
 * How many trials meet a filter can't be known before, and each way to find them is a hundred times too slow for some
 * filter: looking all matches up in the indexes when there are many, walking the order until enough have matched when
 * there are few. So it walks a little, and how many have matched decides how to go on. Trials with a value of the first
 * key and those without are two such searches, since an index read backwards begins with the missing ones.
 */
export async function findTrials(wanted: Wanted, run: RunSql): Promise<TrialsFound> {
  const keys = walkKeys(wanted.sort, wanted.indexes);
  const [first] = keys;
  const table = walkedTable(wanted.sort);
  if (table === undefined || wanted.limit > MOST_WANTED) {
    return { rows: await run(allOf(wanted, keys)), few: false };
  }
  const { tables, end } = wanted;
  const indexed = indexedPath(wanted.sort, wanted.indexes);
  if (first === undefined || isById(wanted.sort)) {
    const walk = { tables, table, keys, indexed, ordered: true, hasFirst: true, where: [], end };
    return await findPart(wanted, walk, keys, undefined, run);
  }
  const ordered = isWalkedInOrder(wanted.sort, wanted.indexes);
  const walk = { tables, table, keys, indexed, ordered, hasFirst: true };
  const inMissing = end !== undefined && (end.values[0] ?? null) === null;
  const present = sql`${first.expression} IS NOT NULL`;
  const found = inMissing
    ? { rows: [], few: false }
    : await findPart(wanted, { ...walk, where: [present], end }, keys, present, run);
  if (found.rows.length >= wanted.limit) return found;
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

/** @param keys of the whole order, which the rows hold */
async function findPart(
  wanted: Wanted,
  walk: Walk,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  run: RunSql,
): Promise<TrialsFound> {
  const { filter, indexes, limit, tables } = wanted;
  const walkOn = (rows: number, part: Walk) =>
    run<TextRow>(walkedPage(wanted, part, rows, part.keys.length < keys.length ? condition : undefined));
  const lookedUp = lookedUpRows(filter, tables, indexes);
  const findAll = async () => ({
    rows: await run<TextRow>(allOf(wanted, keys, condition, lookedUp)),
    few: lookedUp !== undefined,
  });
  if (!walk.ordered) {
    const pushed = walk.table === 'metadata' ? documentConditions(filter) : EVERYTHING;
    const rows = await walkOn(Math.max(SORTED_WALK, 2 * limit), pushing(walk, pushed, indexes));
    return rows.length >= limit ? { rows, few: false } : await findAll();
  }
  const bounded =
    walk.indexed === undefined ? walk : pushing(walk, documentConditions(filter, walk.indexed), indexes);
  const firstWalk = Math.max(FIRST_WALK, 4 * limit);
  const rows = await walkOn(firstWalk, bounded);
  if (rows.length >= limit) return { rows, few: false };
  const [all] = await run<{ ended: boolean }>(asksWhetherEnded(bounded, firstWalk));
  if (all?.ended) return { rows, few: false };
  const longer = Math.ceil((1.5 * limit * firstWalk) / Math.max(rows.length, 1));
  if (longer <= LONGEST_WALK) {
    const more = await walkOn(longer, bounded);
    if (more.length >= limit) return { rows: more, few: lookedUp !== undefined };
  }
  return await findAll();
}

/** Those of the walk's first rows that match. @param missing that the first key of all, which is not among the walk's, has no value */
function walkedPage(wanted: Wanted, walk: Walk, rows: number, missing: Sql | undefined): Sql {
  const { from, where } = walkedMatches(wanted, walk, rows);
  const keys = walkedKeys(walk);
  const values = keys.map(pageValue);
  const id = TRIAL_SOURCE.trialId;
  const selected = selectTexts(missing === undefined ? [id, ...values] : [id, sql`NULL`, ...values]);
  const conditions = missing === undefined ? where : sql`${where} AND ${missing}`;
  return sql`SELECT ${selected} FROM ${from} WHERE ${conditions} ORDER BY ${orderBy(keys, id, walk.hasFirst)} LIMIT ${wholeNumber(wanted.limit)}`;
}

/** All matches, sorted. */
function allOf(
  { tables, filter, restriction, sort, end, limit }: Wanted,
  keys: readonly OrderKey[],
  condition?: Sql,
  rows?: ReadRows,
): Sql {
  const id = TRIAL_SOURCE.trialId;
  const columns = columnsOf(sort);
  const { from, where } = matchingTrials({
    source: TRIAL_SOURCE,
    tables,
    filter,
    restriction,
    columns,
    rows,
  });
  const conditions = [where, ...(condition === undefined ? [] : [condition])];
  if (end !== undefined) conditions.push(afterPageEnd(keys, id, 'bigint', end));
  const selected = selectTexts([id, ...keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM ${from} WHERE ${joinSql(conditions, ' AND ')} ORDER BY ${orderBy(keys, id)} LIMIT ${bind(limit, 'bigint')}`;
}
