import {
  DOCUMENT,
  EVERYTHING,
  hideValues,
  lookUp,
  lookUpPays,
  orderBy,
  pageValue,
  sql,
  trustedSql,
  type Condition,
  type Filter,
  type ReadRows,
  type Sql,
} from '../../metadata/index.js';
import { foundAtOnce } from './all-matches.js';
import { experimentConditions } from './few-experiments.js';
import { selectTexts, type TextRow } from './select-row.js';
import type { ItemSelection } from './trial-items.js';
import { walkedTable, walkKeys, wholeNumber, type Wanted } from './trial-walk.js';
import { begin, bounded, MOST_WANTED, walkedPage } from './walked-page.js';

/**
 * The statement with which most searches are answered: as a search begins, with so little to read that it needs no limit
 * of time. If it gives as many rows as wanted, they are the first ones; if fewer, it says nothing. Undefined where no index
 * has the order, behind the last trial that has a value of the first key, and where very many are wanted. Its rows are
 * texts: the id, the values of the sort keys and the item.
 * @param rows how far the order is walked
 */
export function firstWalk(wanted: Wanted, item: ItemSelection, rows: number): Sql | undefined {
  const table = walkedTable(wanted.sort);
  if (table === undefined || wanted.limit > MOST_WANTED) return undefined;
  const begun = begin(wanted, table, walkKeys(wanted.sort, wanted.indexes));
  if (begun.kind === 'missing' || !begun.walk.ordered) return undefined;
  return walkedPage(wanted, bounded(wanted, begun.walk), rows, { item });
}

/** Documents that are looked up at most where a walk found next to none. */
const MOST_LOOKED_UP = 2_000;

/** The statement that looks all matches up, see {@link fewLookedUp}. */
export interface FewLookedUp {
  readonly statement: Sql;
  /** Whether it is by texts that they are looked up: their index may give many more documents than hold them. */
  readonly byText: boolean;
  /** Whether all of the filter is looked up. */
  readonly isWhole: boolean;
}

/**
 * The statement that looks all matches up where a walk found next to none: whoever searches for one commit has the answer
 * at once. By values, which the index on the documents gives exactly, or else by texts, where a sample has it that few
 * documents hold them; and up to some. Undefined where the filter asks for neither, or of the experiment too, or of texts in
 * some projects: then it may be this that is rare, and the value common. Its rows are those of {@link firstWalk}, whether they
 * are the first matches of all, and whether it paid to look them up; one row at least, without an id where nothing was found.
 */
export function fewLookedUp(wanted: Wanted, item: ItemSelection): FewLookedUp | undefined {
  const { experiments, filter, indexes, sort, tables } = wanted;
  if (experimentConditions(filter) !== EVERYTHING) return undefined;
  const value = partAsking(filter, isValue);
  const served = value ?? (experiments === undefined ? partAsking(filter, isText) : undefined);
  const found = served === undefined ? undefined : lookUp(served, DOCUMENT, indexes);
  if (served === undefined || found === undefined) return undefined;
  const pays = value === undefined ? lookUpPays({ ...wanted, filter: served })?.pays : undefined;
  const worth =
    pays === undefined ? sql`` : sql`"worth" AS MATERIALIZED (SELECT ${hideValues(pays)} AS "pays"), `;
  const isWorthIt = pays === undefined ? sql`true` : sql`(SELECT "pays" FROM "worth")`;
  const complete = sql`${isWorthIt} AND (SELECT count(*) FROM "documents") <= ${wholeNumber(MOST_LOOKED_UP)}`;
  // A limit that the planner does not see makes it expect a tenth of them, and look their trials up one by one.
  const few = sql`(SELECT * FROM "documents" LIMIT (SELECT ${wholeNumber(MOST_LOOKED_UP)}))`;
  const rows: ReadRows = { of: 'metadata', from: sql`${few} AS "trial_metadata"` };
  const matches = foundAtOnce(wanted, walkKeys(sort, indexes), complete, rows, true);
  const order = orderBy(matches.keys, matches.id);
  const texts = [matches.id, ...matches.keys.map(pageValue)];
  const columns = texts.map((_, index) => trustedSql(`"page"."v${index}"`));
  const all = [...texts, undefined].map((_, index) => trustedSql(`"item"."v${index}"`));
  const statement = sql`WITH ${worth}"documents" AS MATERIALIZED (
      SELECT "trial_id", "metadata" FROM ${tables.metadata} AS "trial_metadata" WHERE ${isWorthIt} AND ${hideValues(found)} LIMIT ${wholeNumber(MOST_LOOKED_UP + 1)})
    SELECT ${selectTexts([...all, sql`"looked_up"."complete"`, sql`"looked_up"."pays"`])} FROM (SELECT ${complete} AS "complete", ${isWorthIt} AS "pays") AS "looked_up"
    LEFT JOIN (
      SELECT ${selectTexts([...columns, item.text])}, "page"."n" FROM (
        SELECT row_number() OVER (ORDER BY ${order}) AS "n", ${selectTexts(texts)} FROM (${matches.sql}) AS "found" ORDER BY ${order} LIMIT ${wholeNumber(wanted.limit)}
      ) AS "page", ${item.from} WHERE "trial"."id" = "page"."v0"::bigint
    ) AS "item" ON true
    ORDER BY "item"."n"`;
  return { statement, byText: pays !== undefined, isWhole: served === filter };
}

/** What {@link fewLookedUp} found. */
export interface LookedUpPage {
  /** The first matches of all; undefined where there were too many to look up. */
  readonly page: readonly TextRow[] | undefined;
  /** Whether it paid to look them up. */
  readonly pays: boolean;
}

/** Reads what the statement of {@link fewLookedUp} gave. */
export function readLookedUp(rows: readonly TextRow[], { sort }: Wanted): LookedUpPage {
  const told = 2 + sort.length;
  const isTold = (place: number) => rows[0]?.[`v${place}`] === 'true';
  const page = isTold(told) ? rows.filter((row) => row['v0'] !== null) : undefined;
  return { page, pays: isTold(told + 1) };
}

/** The part of a filter that all matches meet and whose conditions are all such; undefined when there is none. */
function partAsking(filter: Filter, isAsked: (condition: Condition) => boolean): Filter | undefined {
  switch (filter.kind) {
    case 'condition':
      return filter.field.kind === 'metadata' && isAsked(filter) ? filter : undefined;
    case 'and': {
      const asked = filter.filters.flatMap((part) => partAsking(part, isAsked) ?? []);
      return asked.length === 0 ? undefined : { kind: 'and', filters: asked };
    }
    case 'or':
      return filter.filters.every((part) => partAsking(part, isAsked) === part) ? filter : undefined;
    default:
      return undefined;
  }
}

function isValue({ operator }: Condition): boolean {
  return operator === 'is' || operator === 'in';
}

function isText({ operator }: Condition): boolean {
  return operator === 'contains' || operator === 'startsWith';
}
