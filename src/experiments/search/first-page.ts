import type { DataSource } from 'typeorm';
import {
  openReader,
  sql,
  trustedSql,
  type PageEnd,
  type PreparedStatements,
  type Projection,
  type Sql,
} from '../../metadata/index.js';
import { firstWalk, lookedUpBehind } from './find-trials.js';
import { pageEndOf } from './page.js';
import { jsonTexts, selectJson, selectTexts, textsOf, type TextRow } from './select-row.js';
import { selectItems, type TrialItem } from './trial-items.js';
import type { Wanted } from './trial-walk.js';

/** A trial of a page, and where the page would end with it. */
export interface FoundItem {
  readonly item: TrialItem;
  readonly end: PageEnd;
}

/** The first trials of a search. */
export interface FirstPage {
  readonly found: readonly FoundItem[];
  /** Whether these are the first of all; else, when fewer than wanted, there may be more. */
  readonly isSure: boolean;
}

/**
 * The wanted trials by one short statement, which most searches need no more than: it walks the order a little and, when
 * next to nothing matches there, looks the matches up. Undefined where no index has the order. It is no transaction, so that
 * it costs one round trip.
 */
export async function readFirstPage(
  wanted: Wanted,
  projection: Projection,
  dataSource: DataSource,
  statements: PreparedStatements,
): Promise<FirstPage | undefined> {
  const walk = firstWalk(wanted);
  if (walk === undefined) return undefined;
  const count = 1 + wanted.sort.length;
  const ends = Array.from({ length: count }, (_, index) => trustedSql(`"page"."v${index}"`));
  const { expressions, from, itemOf } = selectItems(projection, wanted.tables);
  const items = (page: Sql): Sql =>
    sql`SELECT ${selectTexts([...ends, selectJson(expressions)])}, "page"."n" FROM (${page}) AS "page", ${from}
    WHERE "trial"."id" = "page"."v0"::bigint`;
  const lookedUp = lookedUpBehind(wanted);
  const texts = Array.from({ length: count + 1 }, (_, index) => trustedSql(`"item"."v${index}"`));
  const { text, values } = (
    lookedUp === undefined
      ? sql`SELECT ${selectTexts([...texts, trustedSql('false')])} FROM (${items(walk)}) AS "item" ORDER BY "item"."n"`
      : // One row at least, which tells that nothing was found where that is sure.
        sql`WITH "walked" AS MATERIALIZED (${walk}), ${lookedUp.parts}
          SELECT ${selectTexts([...texts, sql`"looked_up"."complete"`])} FROM (SELECT ${lookedUp.complete} AS "complete") AS "looked_up"
          LEFT JOIN (${items(sql`SELECT * FROM "walked" WHERE NOT (${lookedUp.complete}) UNION ALL (${lookedUp.page})`)}) AS "item" ON true
          ORDER BY "item"."n"`
  ).toPositional();
  const runner = await openReader(dataSource, 'replica');
  try {
    const rows = await statements.run<TextRow>(text, values, runner);
    const found = rows.filter((row) => row['v0'] !== null);
    return {
      found: found.map((row) => ({
        end: pageEndOf(row, count),
        item: itemOf(jsonTexts(textsOf(row, count + 1)[count] ?? '')),
      })),
      isSure: found.length === wanted.limit || rows[0]?.[`v${count + 1}`] === 'true',
    };
  } finally {
    await runner.release();
  }
}
