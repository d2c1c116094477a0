import type { DataSource } from 'typeorm';
import {
  openReader,
  sql,
  trustedSql,
  type PageEnd,
  type PreparedStatements,
  type Projection,
} from '../../metadata/index.js';
import { firstWalk } from './find-trials.js';
import { pageEndOf } from './page.js';
import { selectTexts, textsOf, type TextRow } from './select-row.js';
import { selectItems, type TrialItem } from './trial-items.js';
import type { Wanted } from './trial-walk.js';

/** A trial of a page, and where the page would end with it. */
export interface FoundItem {
  readonly item: TrialItem;
  readonly end: PageEnd;
}

/**
 * The wanted trials by one short statement, which most searches need no more than. Fewer than wanted: there may be more.
 * Undefined where no index has the order. It is no transaction, so that it costs one round trip.
 */
export async function readFirstPage(
  wanted: Wanted,
  projection: Projection,
  dataSource: DataSource,
  statements: PreparedStatements,
): Promise<readonly FoundItem[] | undefined> {
  const walk = firstWalk(wanted);
  if (walk === undefined) return undefined;
  const count = 1 + wanted.sort.length;
  const ends = Array.from({ length: count }, (_, index) => trustedSql(`"page"."v${index}"`));
  const { expressions, from, itemOf } = selectItems(projection, wanted.tables);
  const { text, values } =
    sql`SELECT ${selectTexts([...ends, ...expressions])} FROM (${walk}) AS "page", ${from}
    WHERE "trial"."id" = "page"."v0"::bigint ORDER BY "page"."n"`.toPositional();
  const runner = await openReader(dataSource, 'replica');
  try {
    const rows = await statements.run<TextRow>(text, values, runner);
    return rows.map((row) => ({
      end: pageEndOf(row, count),
      item: itemOf(textsOf(row, count + expressions.length).slice(count)),
    }));
  } finally {
    await runner.release();
  }
}
