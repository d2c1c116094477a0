import {
  afterPageEnd,
  bind,
  compileSort,
  DOCUMENT,
  EVERYTHING,
  joinSql,
  matchingTrials,
  orderBy,
  sql,
  type DocumentIndexes,
  type Filter,
  type MetadataTables,
  type OrderKey,
  type PageEnd,
  type ReadRows,
  type RunSql,
  type Sort,
  type Sql,
} from '../../metadata/index.js';
import { columnsOf } from './page.js';
import { selectTexts, type TextRow } from './select-row.js';
import { TRIAL_SOURCE } from './trial-source.js';
import {
  compileWithLookUp,
  asksWhetherEnded,
  documentConditions,
  indexedPath,
  lookedUpRows,
  walkedRows,
  walkedTable,
  type Walk,
} from './trial-walk.js';

/** What is looked for, and in what order. */
export interface TrialsWanted {
  readonly tables: MetadataTables;
  readonly indexes: DocumentIndexes;
  readonly filter: Filter;
  readonly restriction: Sql;
  readonly sort: Sort;
  /** Only those after it. */
  readonly end: PageEnd | undefined;
  /** How many at most. */
  readonly limit: number;
}

/** More than these are not looked for by walking the order. */
const MOST_WANTED = 2_000;
/** Rows that are read in the order of the search at first, and at most, in the hope that enough of them match. */
const FIRST_WALK = 500;
const LONGEST_WALK = 20_000;
/** As far as it is worth while when the matches can be looked up instead. */
const LONGEST_WALK_BESIDE_LOOK_UP = 5_000;
/** Rows kept of an order that no index has. */
const SORTED_WALK = 2_000;

/**
 * The first trials of a search: rows of texts, the id and the values of the sort keys.
 *
 * How many trials meet a filter can't be known before, and each way to find them is a hundred times too slow for some
 * filter: looking all matches up in the indexes when there are many, walking the order until enough have matched when
 * there are few. So it walks a little, and how many have matched decides how to go on. Trials with a value of the first
 * key and those without are two such searches, since an index read backwards begins with the missing ones.
 */
export async function findTrials(wanted: TrialsWanted, run: RunSql): Promise<readonly TextRow[]> {
  const keys = compileSort(wanted.sort, DOCUMENT);
  const [first] = keys;
  const table = walkedTable(wanted.sort);
  if (table === undefined || wanted.limit > MOST_WANTED) return await run(pageOf(wanted, keys, wanted.limit));
  const { tables, end } = wanted;
  const indexed = indexedPath(wanted.sort, wanted.indexes);
  if (first === undefined || isById(wanted.sort)) {
    const walk = { tables, table, keys, indexed, ordered: true, hasFirst: true, where: [], end };
    return await findPart(wanted, walk, keys, undefined, run);
  }
  const walk = { tables, table, keys, indexed, ordered: indexed !== undefined, hasFirst: true };
  const inMissing = end !== undefined && (end.values[0] ?? null) === null;
  const present = sql`${first.expression} IS NOT NULL`;
  const rows = inMissing
    ? []
    : await findPart(wanted, { ...walk, where: [present], end }, keys, present, run);
  if (rows.length >= wanted.limit) return rows;
  const rest = await findMissing(wanted, keys, wanted.limit - rows.length, run);
  return [...rows, ...rest];
}

/** Those without a value of the first key; the others then decide the order. */
async function findMissing(
  wanted: TrialsWanted,
  keys: readonly OrderKey[],
  limit: number,
  run: RunSql,
): Promise<readonly TextRow[]> {
  const [first, ...others] = keys;
  if (first === undefined) return [];
  const missing = sql`${first.expression} IS NULL`;
  const part = { ...wanted, limit };
  // The end counts where it is one of these; else all of them come after it.
  const { end } = wanted;
  const isBegun = end !== undefined && (end.values[0] ?? null) === null;
  const ownEnd = isBegun ? { id: end.id, values: end.values.slice(1) } : undefined;
  const [, ...otherSort] = wanted.sort;
  if (walkedTable(otherSort) !== 'trials') return await run(pageOf(part, keys, limit, missing));
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
  wanted: TrialsWanted,
  walk: Walk,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  run: RunSql,
): Promise<readonly TextRow[]> {
  const { filter, indexes, limit, tables } = wanted;
  // Not a join, which the planner could begin with the experiments: it knows too little of the filter.
  const walkedWanted = { ...wanted, restriction: sql`(${wanted.restriction}) IS TRUE` };
  const walkOn = (rows: number, part: Walk) =>
    run<TextRow>(pageOf(walkedWanted, keys, limit, condition, walkedRows(part, rows), walk.hasFirst));
  const lookedUp = lookedUpRows(filter, tables, indexes);
  const findAll = () => run<TextRow>(pageOf(wanted, keys, limit, condition, lookedUp));
  if (!walk.ordered) {
    const pushed = walk.table === 'metadata' ? documentConditions(filter) : EVERYTHING;
    const rows = await walkOn(Math.max(SORTED_WALK, 2 * limit), pushing(walk, pushed, indexes));
    return rows.length >= limit ? rows : await findAll();
  }
  const bounded =
    walk.indexed === undefined ? walk : pushing(walk, documentConditions(filter, walk.indexed), indexes);
  const firstWalk = Math.max(FIRST_WALK, 4 * limit);
  const rows = await walkOn(firstWalk, bounded);
  if (rows.length >= limit) return rows;
  const [all] = await run<{ ended: boolean }>(asksWhetherEnded(bounded, firstWalk));
  if (all?.ended) return rows;
  const longer = Math.ceil((1.5 * limit * firstWalk) / Math.max(rows.length, 1));
  if (longer <= (lookedUp === undefined ? LONGEST_WALK : LONGEST_WALK_BESIDE_LOOK_UP)) {
    const more = await walkOn(longer, bounded);
    if (more.length >= limit) return more;
  }
  return await findAll();
}

function pushing(walk: Walk, filter: Filter, indexes: DocumentIndexes): Walk {
  return filter === EVERYTHING
    ? walk
    : { ...walk, where: [...walk.where, compileWithLookUp(filter, indexes)] };
}

/** Every trial has an id, and the primary key has them in order. */
function isById([first]: Sort): boolean {
  return first?.field.kind === 'column' && first.field.column.name === 'trial.id';
}

function pageOf(
  { tables, filter, restriction, sort, end }: TrialsWanted,
  keys: readonly OrderKey[],
  limit: number,
  condition?: Sql,
  rows?: ReadRows,
  hasFirst = false,
): Sql {
  const id = TRIAL_SOURCE.trialId;
  const { from, where } = matchingTrials({
    source: TRIAL_SOURCE,
    tables,
    filter,
    restriction,
    columns: columnsOf(sort),
    rows,
  });
  const conditions = [where, ...(condition === undefined ? [] : [condition])];
  if (end !== undefined) conditions.push(afterPageEnd(keys, id, 'bigint', end));
  const selected = selectTexts([id, ...keys.map((key) => key.expression)]);
  return sql`SELECT ${selected} FROM ${from} WHERE ${joinSql(conditions, ' AND ')} ORDER BY ${orderBy(keys, id, hasFirst)} LIMIT ${bind(limit, 'bigint')}`;
}
