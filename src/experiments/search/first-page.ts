import type { DataSource } from 'typeorm';
import {
  openReader,
  readReplica,
  withoutTexts,
  type DocumentIndexes,
  type PageEnd,
  type PreparedStatements,
  type Projection,
  type Sql,
} from '../../metadata/index.js';
import { fewLookedUp, firstWalk, readLookedUp, type FewLookedUp } from './first-walk.js';
import { pageEndOf } from './page.js';
import { textsOf, type TextRow } from './select-row.js';
import { selectItems, type ItemSelection, type TrialItem } from './trial-items.js';
import type { Wanted } from './trial-walk.js';
import { firstRows, nextRows, type ShortWalk } from './walked-page.js';

/** A trial of a page, and where the page would end with it. */
export interface FoundItem {
  readonly item: TrialItem;
  readonly end: PageEnd;
}

/** The first trials of a search; or a walk that found too few of them. */
export type FirstPage =
  | {
      readonly found: readonly FoundItem[];
      /** What all matches were looked up by, as they may be again to be counted; undefined where they were not. */
      readonly lookedUpBy: DocumentIndexes | undefined;
      readonly walked?: never;
    }
  | { readonly found?: never; readonly walked: ShortWalk };

/** Matches of the first walk below which a filter may well have few matches in all. */
const RARE = 3;
/** How far a second walk goes, and the milliseconds within which the first must have ended for it: it has no limit of time. */
const SECOND_WALK = 10_000;
const QUICK = 50;
/** Limits that a second walk has at most, each of them a statement of its own. */
const LIMITS = 8;

/** How the statements of a first page are sent. */
interface Sending {
  readonly dataSource: DataSource;
  readonly statements: PreparedStatements;
  /** Milliseconds for a statement that may take long. */
  readonly timeout: number;
}

/**
 * The wanted trials by one short statement, or two, which most searches need no more than: the first walks the order a
 * little; when next to nothing matches there, the second looks the matches up, and when some do, it walks on behind them.
 * Undefined where {@link firstWalk} is. They are no transaction, so that each costs one round trip; but for a look-up by
 * texts, which may take long.
 * @throws DatabaseBusyError after the timeout
 */
export async function readFirstPage(
  wanted: Wanted,
  projection: Projection,
  sending: Sending,
): Promise<FirstPage | undefined> {
  const item = selectItems(projection, wanted.tables);
  const begun = await beginPage(wanted, item, sending);
  if (begun?.lookUp === undefined) return begun;
  const { lookUp, short } = begun;
  const rows = await readReplica(sending.dataSource, sending.timeout, (run) =>
    run<TextRow>(lookUp.statement),
  );
  const { page, pays } = readLookedUp(rows, wanted);
  if (page !== undefined) return foundPage(page, wanted, item, wanted.indexes);
  return { walked: lookUp.isWhole ? { ...short, textsPay: pays } : short };
}

/** As {@link readFirstPage}, or, behind a walk that was too short, what to look up by texts. */
async function beginPage(
  wanted: Wanted,
  item: ItemSelection,
  { dataSource, statements }: Sending,
): Promise<
  | (FirstPage & { readonly lookUp?: never })
  | { readonly lookUp: FewLookedUp; readonly short: ShortWalk }
  | undefined
> {
  const rows = firstRows(wanted);
  const walk = firstWalk(wanted, item, rows);
  if (walk === undefined) return undefined;
  const runner = await openReader(dataSource, 'replica');
  const run = async (statement: Sql): Promise<readonly TextRow[]> => {
    const { text, values } = statement.toPositional();
    return await statements.run<TextRow>(text, values, runner);
  };
  try {
    // Waiting for a connection is no part of what the walk takes.
    await runner.connect();
    const start = performance.now();
    const walked = await run(walk);
    if (walked.length >= wanted.limit) return foundPage(walked, wanted, item);
    const short = { rows, matched: walked.length };
    if (walked.length < RARE) {
      const lookUp = fewLookedUp(wanted, item);
      if (lookUp === undefined) return { walked: short };
      if (lookUp.byText) return { lookUp, short };
      const { page } = readLookedUp(await run(lookUp.statement), wanted);
      const values = withoutTexts(wanted.indexes);
      return page === undefined ? { walked: short } : foundPage(page, wanted, item, values);
    }
    const isWorthIt = nextRows(wanted, short) <= SECOND_WALK && performance.now() - start <= QUICK;
    const further = isWorthIt ? firstWalk(behind(walked, wanted), item, SECOND_WALK) : undefined;
    if (further === undefined) return { walked: short };
    const page = joined(walked, await run(further));
    return page.length >= wanted.limit
      ? foundPage(page.slice(0, wanted.limit), wanted, item)
      : { walked: { rows: SECOND_WALK, matched: page.length } };
  } finally {
    await runner.release();
  }
}

/** What is wanted behind the rows that were found; of so many that few statements differ by their limit alone. */
function behind(found: readonly TextRow[], wanted: Wanted): Wanted {
  const { limit, sort } = wanted;
  const last = found.at(-1);
  const step = Math.ceil(limit / LIMITS);
  return {
    ...wanted,
    end: last && pageEndOf(last, 1 + sort.length),
    limit: Math.min(limit, step * Math.ceil((limit - found.length) / step)),
  };
}

/**
 * The rows of two statements, as of two pages: of a trial that a report moves in between, one that is in both comes once, and
 * one that moves to before them is in neither.
 */
function joined(rows: readonly TextRow[], more: readonly TextRow[]): readonly TextRow[] {
  const ids = new Set(rows.map((row) => row['v0']));
  return [...rows, ...more.filter((row) => !ids.has(row['v0'] ?? null))];
}

/** Rows of texts: the id, the values of the sort keys, the item. */
function foundPage(
  rows: readonly TextRow[],
  { sort }: Wanted,
  { itemOf }: ItemSelection,
  lookedUpBy?: DocumentIndexes,
): FirstPage {
  const count = 1 + sort.length;
  const found = rows.map((row) => ({
    end: pageEndOf(row, count),
    item: itemOf(textsOf(row, count + 1)[count]),
  }));
  return { found, lookedUpBy };
}
