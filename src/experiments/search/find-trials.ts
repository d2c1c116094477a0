import {
  afterPageEnd,
  bind,
  DOCUMENT,
  EVERYTHING,
  hideValues,
  joinSql,
  lookUp,
  matchingTrials,
  orderBy,
  pageValue,
  sql,
  trustedSql,
  type Filter,
  type MatchingTrials,
  type OrderKey,
  type ReadRows,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { ofFewExperiments } from './few-experiments.js';
import { columnsOf } from './page.js';
import { selectTexts, type TextRow } from './select-row.js';
import { TRIAL_SOURCE } from './trial-source.js';
import {
  asksWhetherEnded,
  columnConditions,
  documentConditions,
  indexedPath,
  isById,
  isWalkedInOrder,
  keyName,
  lookedUpRows,
  pushing,
  walkedKeys,
  walkedMatches,
  walkedTable,
  wholeNumber,
  walkKeys,
  type Walk,
  type WalkedTable,
  type Wanted,
} from './trial-walk.js';

/** The first trials of a search. */
export interface TrialsFound {
  /** Texts: the id and the values of the sort keys. */
  readonly rows: readonly TextRow[];
  /** Whether so few match that it is worth while to look them up, be it for a count. */
  readonly few: boolean;
  /** Whether all trials were looked at, those without a value of the first key too. */
  readonly isWhole?: boolean;
}

/** More than these are not looked for by walking the order. */
const MOST_WANTED = 2_000;
/** Rows that are read in the order of the search at first, and at most, in the hope that enough of them match. Reading stops where they do. */
const FIRST_WALK = 1_000;
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
 * @param walked how many, fewer than wanted, {@link firstWalk} has found a moment ago: then that far it is not walked again
 */
export async function findTrials(wanted: Wanted, run: RunSql, walked?: number): Promise<TrialsFound> {
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

/** How a walk begins: with all trials, with those that have a value of the first key, or behind all of these. */
type Begun = { readonly kind: 'all' | 'present'; readonly walk: Walk } | { readonly kind: 'missing' };

function begin(wanted: Wanted, table: WalkedTable, keys: readonly OrderKey[]): Begun {
  const { tables, end, sort, indexes } = wanted;
  const indexed = indexedPath(sort, indexes);
  const [first] = keys;
  const walk = { tables, table, keys, indexed, end };
  if (first === undefined || isById(sort))
    return { kind: 'all', walk: { ...walk, ordered: true, hasFirst: true, where: [] } };
  if (end !== undefined && (end.values[0] ?? null) === null) return { kind: 'missing' };
  const condition = sql`${first.expression} IS NOT NULL`;
  const ordered = isWalkedInOrder(sort, indexes);
  // Where all rows have to be sorted, the missing ones are sorted behind, since asking each row whether it is one would
  // take the value out of its document a second time.
  const present = ordered
    ? { ordered, hasFirst: true, where: [condition] }
    : { ordered, hasFirst: false, skipsMissing: true, where: [] };
  return { kind: 'present', walk: { ...walk, ...present } };
}

/**
 * The statement with which most searches are answered: as {@link findTrials} begins, with so little to read that it needs no
 * limit of time. If it gives as many rows as wanted, they are the first ones; if fewer, it says nothing. Undefined where
 * no index has the order. Its rows: `"n"`, the place in the order, and the texts of {@link TrialsFound.rows}.
 */
export function firstWalk(wanted: Wanted): Sql | undefined {
  const table = walkedTable(wanted.sort);
  if (table === undefined || wanted.limit > MOST_WANTED) return undefined;
  const begun = begin(wanted, table, walkKeys(wanted.sort, wanted.indexes));
  if (begun.kind === 'missing' || !begun.walk.ordered) return undefined;
  return walkedPage(wanted, bounded(wanted, begun.walk), firstRows(wanted), undefined, true);
}

/** Matches of the first walk below which a filter may well have few matches in all. */
const RARE = 3;
/** Documents that are looked up at most where a walk found so few. */
const MOST_LOOKED_UP = 2_000;

/** Parts of a statement that looks few matches up, to stand behind `"walked"`, a {@link firstWalk}. */
export interface LookedUp {
  /** Further named parts, after one another. */
  readonly parts: Sql;
  /** Whether they hold all matches, a condition. */
  readonly complete: Sql;
  /** The first matches of all, rows as those of the walk; none where they are not complete. */
  readonly page: Sql;
}

/**
 * What makes the statement of a first walk look all matches up when it finds next to none: whoever searches for one commit
 * has the answer at once. Only by values, which the index on the documents gives exactly: a look-up that turns out long
 * costs as little as the walk. Undefined where the filter asks for no value.
 */
export function lookedUpBehind(wanted: Wanted): LookedUp | undefined {
  const { filter, indexes, sort, tables } = wanted;
  const served = askedByValue(filter);
  const found = served === undefined ? undefined : lookUp(served, DOCUMENT, indexes);
  if (found === undefined) return undefined;
  // A page of one or two is full with as few.
  const rare = sql`(SELECT count(*) FROM "walked") < ${wholeNumber(Math.min(RARE, wanted.limit))}`;
  const documents = sql`"documents" AS MATERIALIZED (
    SELECT "trial_id", "metadata" FROM ${tables.metadata} AS "trial_metadata"
     WHERE ${hideValues(found)} AND ${rare} LIMIT ${wholeNumber(MOST_LOOKED_UP + 1)})`;
  const complete = sql`${rare} AND (SELECT count(*) FROM "documents") <= ${wholeNumber(MOST_LOOKED_UP)}`;
  const rows: ReadRows = { of: 'metadata', from: trustedSql('"documents" AS "trial_metadata"') };
  const keys = walkKeys(sort, indexes);
  const matches = foundAtOnce(wanted, keys, complete, rows, true);
  const order = orderBy(matches.keys, matches.id);
  const texts = selectTexts([matches.id, ...matches.keys.map(pageValue)]);
  return {
    parts: documents,
    complete,
    page: sql`SELECT row_number() OVER (ORDER BY ${order}) AS "n", ${texts} FROM (${matches.sql}) AS "found" ORDER BY ${order} LIMIT ${wholeNumber(wanted.limit)}`,
  };
}

/** The part of a filter that all matches meet and that asks for values; undefined when there is none. */
function askedByValue(filter: Filter): Filter | undefined {
  switch (filter.kind) {
    case 'condition': {
      const { field, operator } = filter;
      return field.kind === 'metadata' && (operator === 'is' || operator === 'in') ? filter : undefined;
    }
    case 'and': {
      const asked = filter.filters.flatMap((part) => askedByValue(part) ?? []);
      return asked.length === 0 ? undefined : { kind: 'and', filters: asked };
    }
    case 'or':
      return filter.filters.every((part) => askedByValue(part) === part) ? filter : undefined;
    default:
      return undefined;
  }
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
 * @param matched how many of the rows that are walked at first are known to match
 */
async function findPart(
  wanted: Wanted,
  walk: Walk,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  run: RunSql,
  matched?: number,
): Promise<TrialsFound> {
  const { filter, indexes, limit, tables } = wanted;
  const walkOn = (rows: number, part: Walk) =>
    run<TextRow>(walkedPage(wanted, part, rows, part.keys.length < keys.length ? condition : undefined));
  const lookedUp = lookedUpRows(filter, tables, indexes);
  const findAll = async () => ({
    rows: await run<TextRow>(allAtOnce(wanted, keys, condition, lookedUp)),
    few: lookedUp !== undefined,
    isWhole: condition === undefined,
  });
  if (!walk.ordered) {
    const pushed = walk.table === 'metadata' ? documentConditions(filter) : EVERYTHING;
    const rows = await walkOn(Math.max(SORTED_WALK, 2 * limit), pushing(walk, pushed, indexes));
    return rows.length >= limit ? { rows, few: false } : await findAll();
  }
  const part = bounded(wanted, walk);
  const walked = firstRows(wanted);
  const rows = matched === undefined ? await walkOn(walked, part) : undefined;
  if (rows !== undefined && rows.length >= limit) return { rows, few: false };
  const [all] = await run<{ ended: boolean }>(asksWhetherEnded(part, walked));
  if (all?.ended) return { rows: rows ?? (await walkOn(walked, part)), few: false };
  const few = await ofFewExperiments(wanted, run);
  if (few !== undefined) {
    const restriction = sql`${wanted.restriction} AND ${few}`;
    const rows = await run<TextRow>(allAtOnce({ ...wanted, restriction }, keys, condition, undefined));
    return { rows, few: false, isWhole: condition === undefined };
  }
  const longer = Math.ceil((1.5 * limit * walked) / Math.max(rows?.length ?? matched ?? 0, 1));
  if (longer <= LONGEST_WALK) {
    const more = await walkOn(longer, part);
    if (more.length >= limit) return { rows: more, few: lookedUp !== undefined };
  }
  return await findAll();
}

/** How far the order is read at first. */
function firstRows({ limit }: Wanted): number {
  return Math.max(FIRST_WALK, 4 * limit);
}

/** The walk within the bounds that the filter sets to the first key. */
function bounded({ filter, sort, indexes }: Wanted, walk: Walk): Walk {
  const { indexed, table } = walk;
  if (indexed !== undefined) return pushing(walk, documentConditions(filter, indexed), indexes);
  return table === 'trials' ? pushing(walk, columnConditions(filter, sort), indexes) : walk;
}

/**
 * Those of the walk's first rows that match.
 * @param missing that the first key of all, which is not among the walk's, has no value
 * @param numbered whether each row has its place in the order, `"n"`
 */
function walkedPage(
  wanted: Wanted,
  walk: Walk,
  rows: number,
  missing: Sql | undefined,
  numbered = false,
): Sql {
  const { from, where } = walkedMatches(wanted, walk, rows);
  const keys = walkedKeys(walk);
  const values = keys.map(pageValue);
  const id = TRIAL_SOURCE.trialId;
  const order = orderBy(keys, id, walk.hasFirst);
  const texts = selectTexts(missing === undefined ? [id, ...values] : [id, sql`NULL`, ...values]);
  const selected = numbered ? sql`row_number() OVER (ORDER BY ${order}) AS "n", ${texts}` : texts;
  const conditions = [where, ...(missing === undefined ? [] : [missing])];
  const [first] = keys;
  if (walk.skipsMissing === true && first !== undefined)
    conditions.push(sql`${first.expression} IS NOT NULL`);
  return sql`SELECT ${selected} FROM ${from} WHERE ${joinSql(conditions, ' AND ')} ORDER BY ${order} LIMIT ${wholeNumber(wanted.limit)}`;
}

/** All matches, sorted. */
function allOf(wanted: Wanted, keys: readonly OrderKey[], condition?: Sql): Sql {
  const { from, where } = allMatches(wanted, keys, condition);
  const id = TRIAL_SOURCE.trialId;
  const selected = selectTexts([id, ...keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM ${from} WHERE ${where} ORDER BY ${orderBy(keys, id)} LIMIT ${bind(wanted.limit, 'bigint')}`;
}

/**
 * The same where a walk has shown that few match: OFFSET 0 keeps the planner from walking the order once more, all of it,
 * in the hope that the first ones come soon.
 */
function allAtOnce(
  wanted: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows: ReadRows | undefined,
): Sql {
  const found = foundAtOnce(wanted, keys, condition, rows);
  const selected = selectTexts([found.id, ...found.keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM (${found.sql}) AS "found" ORDER BY ${orderBy(found.keys, found.id)} LIMIT ${bind(wanted.limit, 'bigint')}`;
}

/** All matches as a sub-select to be named `"found"`, whose ids and keys are read from it. */
function foundAtOnce(
  wanted: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows: ReadRows | undefined,
  rowByRow?: boolean,
): { readonly sql: Sql; readonly id: Sql; readonly keys: readonly OrderKey[] } {
  const { from, where } = allMatches(wanted, keys, condition, rows, rowByRow);
  const columns = keys.map((key, index) => sql`, ${key.expression} AS ${keyName(index)}`);
  return {
    sql: sql`SELECT ${TRIAL_SOURCE.trialId} AS "id"${joinSql(columns, '')} FROM ${from} WHERE ${where} OFFSET 0`,
    id: trustedSql('"found"."id"'),
    keys: keys.map((key, index) => ({ ...key, expression: sql`"found".${keyName(index)}` })),
  };
}

function allMatches(
  { tables, filter, restriction, sort, end }: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows?: ReadRows,
  rowByRow = false,
): MatchingTrials {
  const columns = columnsOf(sort);
  const { from, where } = matchingTrials({
    source: TRIAL_SOURCE,
    tables,
    filter,
    restriction,
    columns,
    rows,
    rowByRow,
  });
  const conditions = [where, ...(condition === undefined ? [] : [condition])];
  if (end !== undefined) conditions.push(afterPageEnd(keys, TRIAL_SOURCE.trialId, 'bigint', end));
  return { from, where: joinSql(conditions, ' AND ') };
}
