import {
  joinSql,
  needsDocument,
  orderBy,
  pageValue,
  sql,
  type OrderKey,
  type Sql,
} from '../../metadata/index.js';
import { selectTexts } from './select-row.js';
import type { ItemSelection } from './trial-items.js';
import { TRIAL_SOURCE } from './trial-source.js';
import {
  columnConditions,
  indexedConditions,
  indexedPath,
  isById,
  isOfDocument,
  isWalkedInOrder,
  METADATA_ID,
  pushing,
  walkedKeys,
  walkedMatches,
  wholeNumber,
  type Walk,
  type WalkedTable,
  type Wanted,
} from './trial-walk.js';

/** More than these are not looked for by walking the order. */
export const MOST_WANTED = 2_000;
/** Rows that are read in the order of the search at first. Reading stops where enough of them match. */
const FIRST_WALK = 1_000;
/** So many times as far as the matches so far let expect. */
const MARGIN = 1.5;

/** How a walk begins: with all trials, with those that have a value of the first key, or behind all of these. */
export type Begun = { readonly kind: 'all' | 'present'; readonly walk: Walk } | { readonly kind: 'missing' };

export function begin(wanted: Wanted, table: WalkedTable, keys: readonly OrderKey[]): Begun {
  const { tables, end, sort, indexes } = wanted;
  const indexed = indexedPath(sort, indexes);
  const [first] = keys;
  const walk = { tables, table, keys, indexed, end };
  if (first === undefined || isById(sort)) {
    const byId = walksDocuments(wanted)
      ? { ...walk, table: 'metadata' as const, keys: keys.map(documentKey) }
      : walk;
    return { kind: 'all', walk: { ...byId, ordered: true, hasFirst: true, where: [] } };
  }
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

/** Whether the documents can be walked in place of the trials: each row then has what most conditions ask for. */
function walksDocuments({ filter, sort, experiments }: Wanted): boolean {
  // Of the trials of some experiments it is cheaper to ask that first.
  return experiments === undefined && sort.length <= 1 && isOfDocument(filter) && needsDocument(filter);
}

/** The key of an order by id, as the documents have it. */
function documentKey(key: OrderKey): OrderKey {
  return { ...key, expression: METADATA_ID };
}

/** How far the order is read at first. */
export function firstRows({ limit }: Wanted): number {
  return Math.max(FIRST_WALK, 4 * limit);
}

/** A walk that was too short. */
export interface ShortWalk {
  readonly rows: number;
  /** How many of them matched, fewer than wanted. */
  readonly matched: number;
  /** Whether looking the filter's texts up pays, where a sample has told. */
  readonly textsPay?: boolean;
}

/** How far to walk after a walk that was too short, for all that is wanted to be found; with some margin. */
export function nextRows({ limit }: Wanted, { rows, matched }: ShortWalk): number {
  return Math.ceil((MARGIN * limit * rows) / Math.max(matched, 1));
}

/** The walk within the bounds that the filter sets to the first key. */
export function bounded({ filter, sort, indexes }: Wanted, walk: Walk): Walk {
  const { indexed, table } = walk;
  if (indexed !== undefined) return pushing(walk, indexedConditions(filter, indexed, indexes), indexes);
  return table === 'trials' ? pushing(walk, columnConditions(filter, sort), indexes) : walk;
}

/** What a page of a walk may be asked for beside. */
interface PageExtras {
  /** That the first key of all, which is not among the walk's, has no value. */
  readonly missing?: Sql | undefined;
  /** What else to read of each trial, as the last text of its row. */
  readonly item?: ItemSelection;
}

/** Those of the walk's first rows that match, as texts: the id and the values of the sort keys. */
export function walkedPage(
  wanted: Wanted,
  walk: Walk,
  rows: number,
  { missing, item }: PageExtras = {},
): Sql {
  const { from, where } = walkedMatches(wanted, walk, rows, item?.columns);
  const keys = walkedKeys(walk);
  const values = keys.map(pageValue);
  const id = TRIAL_SOURCE.trialId;
  const order = orderBy(keys, id, walk.hasFirst);
  const texts = [
    id,
    ...(missing === undefined ? values : [sql`NULL`, ...values]),
    ...(item === undefined ? [] : [item.text]),
  ];
  const conditions = [where, ...(missing === undefined ? [] : [missing])];
  const [first] = keys;
  if (walk.skipsMissing === true && first !== undefined)
    conditions.push(sql`${first.expression} IS NOT NULL`);
  return sql`SELECT ${selectTexts(texts)} FROM ${from} WHERE ${joinSql(conditions, ' AND ')} ORDER BY ${order} LIMIT ${wholeNumber(wanted.limit)}`;
}
