import {
  afterPageEnd,
  bind,
  bothOf,
  compileFilter,
  compileSort,
  conditionsOf,
  DOCUMENT,
  EVERYTHING,
  formatPath,
  isIndexable,
  isTooLarge,
  joinSql,
  literalValueAt,
  lookUp,
  matchingTrials,
  orderBy,
  sql,
  trustedSql,
  type Column,
  type DocumentIndexes,
  type Filter,
  type MatchingTrials,
  type MetadataTables,
  type Operator,
  type OrderKey,
  type PageEnd,
  type Path,
  type ReadRows,
  type Sort,
  type Sql,
} from '../../metadata/index.js';
import { columnsOf } from './page.js';
import { TRIAL_SOURCE } from './trial-source.js';

/** Which table has all that an order asks for, so that its first rows can be read without joining. */
export type WalkedTable = 'trials' | 'metadata';

/** The rows of one table in the order of a search. */
export interface Walk {
  readonly tables: MetadataTables;
  readonly table: WalkedTable;
  readonly keys: readonly OrderKey[];
  /** The path of the first key, when an index has its values in order. */
  readonly indexed: Path | undefined;
  /** Whether the first rows can be had without sorting all of them. */
  readonly ordered: boolean;
  /** Whether every row has a value of the first key. */
  readonly hasFirst: boolean;
  /** Whether rows without such a value, which are read behind the others, are no matches. */
  readonly skipsMissing?: boolean;
  /** Conditions on these rows alone, which hold for every match. */
  readonly where: readonly Sql[];
  readonly end: PageEnd | undefined;
}

/** The id of a walk on the documents. */
export const METADATA_ID = trustedSql('"trial_metadata"."trial_id"');
const TRIAL_ID = TRIAL_SOURCE.trialId;

/** The table that a sort can be walked on; undefined when it takes several. */
export function walkedTable(sort: Sort): WalkedTable | undefined {
  const tables = new Set(
    sort.map(({ field }) =>
      field.kind === 'metadata' ? 'metadata' : field.column.owner === 'trial' ? 'trials' : undefined,
    ),
  );
  if (tables.size > 1) return undefined;
  const [table] = tables;
  return sort.length === 0 ? 'trials' : table;
}

/** The keys of a sort, the first one as its index has it. */
export function walkKeys(sort: Sort, indexes: DocumentIndexes): readonly OrderKey[] {
  const path = indexedPath(sort, indexes);
  const keys = compileSort(sort, DOCUMENT);
  const [first, ...others] = keys;
  if (first === undefined || path === undefined) return keys;
  return [{ ...first, expression: literalValueAt(DOCUMENT, path) }, ...others];
}

/** The path of the first key when an index serves it. */
export function indexedPath(sort: Sort, indexes: DocumentIndexes): Path | undefined {
  const [first] = sort;
  if (first === undefined || first.field.kind !== 'metadata' || first.as !== 'json') return undefined;
  return indexes.fields.get(formatPath(first.field.path));
}

/** At most `limit` of the rows, to stand in for their table; they hold the keys as {@link walkedKeys}. */
function walkedRows(walk: Walk, limit: number): ReadRows {
  const keys = walk.keys.map((key, index) => sql`, ${key.expression} AS ${keyName(index)}`);
  const rest = sql`${joinSql(keys, '')} ${walked(walk, limit)}`;
  return walk.table === 'metadata'
    ? { of: 'metadata', from: sql`(SELECT "trial_id", "metadata"${rest}) AS "trial_metadata"` }
    : { of: 'trials', from: sql`(SELECT "trial".*${rest}) AS "trial"` };
}

/** What a search looks for, and in what order. */
export interface Wanted {
  readonly tables: MetadataTables;
  readonly indexes: DocumentIndexes;
  readonly filter: Filter;
  /** The trials that the search is about, as a condition on the bare trials. */
  readonly restriction: Sql;
  /** The same for `"experiment"`, where it is bound to projects. */
  readonly experiments?: Sql | undefined;
  readonly sort: Sort;
  /** Only what comes after it. */
  readonly end: PageEnd | undefined;
  /** How many at most. */
  readonly limit: number;
  /** Set where reading all documents takes less than looking those up that the indexes give. */
  readonly readsAll?: boolean;
  /** Set where all matches are looked at, and every trial has metadata. */
  readonly withMetadata?: boolean | undefined;
}

/**
 * Those of the walk's first rows that match.
 * @param columns that are read beside those of filter and sort
 */
export function walkedMatches(
  { tables, filter, restriction, sort }: Wanted,
  walk: Walk,
  rows: number,
  columns: readonly Column[] = [],
): MatchingTrials {
  return matchingTrials({
    source: TRIAL_SOURCE,
    tables,
    filter,
    // Not a join, which the planner could begin with the experiments: it knows too little of the filter.
    restriction: sql`(${restriction}) IS TRUE`,
    columns: [...columnsOf(sort), ...columns],
    rows: walkedRows(walk, rows),
    // A plan for any operand takes two conditions for so rare that it would look all matches of both up.
    rowByRow: true,
  });
}

/** The keys outside of the sub-select: as its columns, by which the planner knows that the rows are in order. */
export function walkedKeys({ table, keys }: Walk): readonly OrderKey[] {
  const alias = trustedSql(table === 'metadata' ? '"trial_metadata"' : '"trial"');
  return keys.map((key, index) =>
    key.expression === TRIAL_ID || key.expression === METADATA_ID
      ? { ...key, expression: TRIAL_ID }
      : { ...key, expression: sql`${alias}.${keyName(index)}` },
  );
}

/** The name of a key as the column of a sub-select. */
export function keyName(index: number): Sql {
  return trustedSql(`"key_${index}"`);
}

/** Whether there are fewer rows than `limit`, `ended`: then a walk that far has seen all. */
export function asksWhetherEnded(walk: Walk, limit: number): Sql {
  const whole = walk.indexed === undefined ? sql`true` : hasNoLarge(walk.tables, walk.indexed);
  return sql`SELECT count(*) < ${wholeNumber(limit)} AND ${whole} AS "ended" FROM (SELECT ${walked(walk, limit)}) AS "walked"`;
}

/** Written out, so that a plan made for all values knows how few rows are wanted. */
export function wholeNumber(value: number): Sql {
  return trustedSql(String(Math.trunc(value)));
}

function walked(walk: Walk, limit: number): Sql {
  const { tables, table, keys, indexed, where, end, hasFirst } = walk;
  const id = table === 'metadata' ? METADATA_ID : TRIAL_ID;
  const from = table === 'metadata' ? sql`${tables.metadata} AS "trial_metadata"` : sql`"trials" AS "trial"`;
  const conditions = [...where];
  if (indexed !== undefined) conditions.push(...indexConditions(tables, indexed));
  if (end !== undefined) conditions.push(...afterEnd(walk, id, end));
  return sql`FROM ${from} WHERE ${joinSql(conditions, ' AND ', sql`true`)} ORDER BY ${orderBy(keys, id, hasFirst)} LIMIT ${wholeNumber(limit)}`;
}

/** That a row of the walk comes after the end of a page. */
function afterEnd({ keys, hasFirst }: Walk, id: Sql, end: PageEnd): readonly Sql[] {
  const [first, ...others] = keys;
  const value = end.values[0];
  if (first === undefined || typeof value !== 'string') return [afterPageEnd(keys, id, 'bigint', end)];
  // As the index has them, so that no row is asked once more.
  const { expression, type, direction } = first;
  const isAsIndexed = hasFirst && others.length === 0 && direction === 'asc' && expression !== id;
  if (isAsIndexed) return [sql`(${expression}, ${id}) > (${bind(value, type)}, ${bind(end.id, 'bigint')})`];
  // The bound stands alone for the index; the rest tells equal values apart.
  return [beyond(first, value), afterPageEnd(keys, id, 'bigint', end)];
}

function beyond({ expression, type, direction }: OrderKey, value: string): Sql {
  return sql`${expression} ${trustedSql(direction === 'asc' ? '>=' : '<=')} ${bind(value, type)}`;
}

/** What the index is restricted to; while there is a value too large for it, it is no order of all. */
function indexConditions(tables: MetadataTables, path: Path): readonly Sql[] {
  return [isIndexable(literalValueAt(DOCUMENT, path)), hasNoLarge(tables, path)];
}

function hasNoLarge({ metadata }: MetadataTables, path: Path): Sql {
  const large = isTooLarge(literalValueAt(trustedSql('"large"."metadata"'), path));
  return sql`NOT EXISTS (SELECT FROM ${metadata} AS "large" WHERE ${large})`;
}

/** Those top-level conditions of a filter that look at the document alone. */
export function documentConditions(filter: Filter): Filter {
  return partsOf(filter, isOfDocument);
}

/**
 * Those top-level conditions of a filter on one field that its index serves: walking within them is no longer than without. Any
 * other would be tested, within the walk, on every row there is.
 */
export function indexedConditions(filter: Filter, path: Path, indexes: DocumentIndexes): Filter {
  return partsOf(filter, (part) => isAt(part, path) && lookUp(part, DOCUMENT, indexes) !== undefined);
}

/** Those top-level conditions of a filter that are kept; every match meets them. */
export function partsOf(filter: Filter, keep: (part: Filter) => boolean): Filter {
  const parts = filter.kind === 'and' ? filter.filters : [filter];
  return parts.filter(keep).reduce(bothOf, EVERYTHING);
}

/** What an index on a column, or on the values of a field, serves. */
const SERVED: readonly Operator[] = ['is', 'gt', 'gte', 'lt', 'lte', 'between'];

/** Those top-level conditions of a filter that bound the column of the trials that a sort goes by. */
export function columnConditions(filter: Filter, [first]: Sort): Filter {
  const name =
    first === undefined ? 'trial.id' : first.field.kind === 'column' ? first.field.column.name : '';
  return partsOf(filter, (part) => isOn(part, name));
}

function isOn(filter: Filter, column: string): boolean {
  if (filter.kind !== 'condition' || filter.field.kind !== 'column') return false;
  return filter.field.column.name === column && SERVED.includes(filter.operator);
}

/** Whether a filter looks at the document alone. */
export function isOfDocument(filter: Filter): boolean {
  return [...conditionsOf(filter)].every(({ field }) => field.kind === 'metadata');
}

function isAt(filter: Filter, path: Path): boolean {
  return (
    filter.kind === 'condition' &&
    filter.field.kind === 'metadata' &&
    SERVED.includes(filter.operator) &&
    formatPath(filter.field.path) === formatPath(path)
  );
}

/** A filter on the document and, unless that is not wanted, what looks it up. */
function compileWithLookUp(filter: Filter, indexes: DocumentIndexes, readsAll: boolean): Sql {
  const lookedUp = readsAll ? undefined : lookUp(filter, DOCUMENT, indexes);
  const exact = compileFilter(filter, { document: DOCUMENT, indexed: indexes.fields });
  return lookedUp === undefined ? exact : sql`${lookedUp} AND ${exact}`;
}

/** The walk with a filter on its own rows. @param readsAll whether its rows are better not looked up */
export function pushing(walk: Walk, filter: Filter, indexes: DocumentIndexes, readsAll = false): Walk {
  return filter === EVERYTHING
    ? walk
    : { ...walk, where: [...walk.where, compileWithLookUp(filter, indexes, readsAll)] };
}

/** Every trial has an id, and the primary key has them in order. */
export function isById([first]: Sort): boolean {
  return first?.as === 'json' && first.field.kind === 'column' && first.field.column.name === 'trial.id';
}

/** An index has the trials by their start; a second key then sorts but a few. */
function isByStart([first]: Sort): boolean {
  return (
    first?.as === 'json' && first.field.kind === 'column' && first.field.column.name === 'trial.startTime'
  );
}

/** Whether the first rows of the order can be had without sorting all of them. */
export function isWalkedInOrder(sort: Sort, indexes: DocumentIndexes): boolean {
  return indexedPath(sort, indexes) !== undefined || isById(sort) || isByStart(sort);
}
