import {
  bind,
  joinSql,
  matchingTrials,
  needsDocument,
  sql,
  type Filter,
  type MatchingTrials,
  type MetadataTables,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import {
  archivedInScope,
  idsOfTrials,
  isOfProjects,
  TRIAL_SOURCE,
  type Scope,
} from '../search/trial-source.js';
import { isOfDocument } from '../search/trial-walk.js';

/** Archived trials that are taken off at most: of more, the documents are better read beside their trials. */
const MOST_ARCHIVED = 25_000;

/** The documents of a set of trials, to be read without the trials themselves, which takes a third less. */
export interface VisibleDocuments extends MatchingTrials {
  /** How many trials the set has, where those without a document belong to it; absent where they do not. */
  readonly trialCount?: number;
}

/**
 * The documents of all the trials that meet a filter on documents, but those of the archived trials. Undefined where these are
 * many, or where the trials themselves must be asked.
 * @param run reads the snapshot in which the documents will be read
 */
export async function visibleDocuments(
  filter: Filter,
  scope: Scope,
  tables: MetadataTables,
  run: RunSql,
): Promise<VisibleDocuments | undefined> {
  const isAll = isEverything(filter);
  if (isOfProjects(scope) || !isOfDocument(filter) || !(isAll || needsDocument(filter))) return undefined;
  const archived = archivedInScope(scope).map(idsOfTrials);
  // Beside an archived experiment a trial may be archived itself: it counts once where the number matters.
  const ids = joinSql(archived, isAll ? ' UNION ' : ' UNION ALL ');
  const archivedCount = archived.length === 0 ? 0 : await countUpToMost(ids, run);
  if (archivedCount > MOST_ARCHIVED) return undefined;
  const { from, where } = matchingTrials({ source: TRIAL_SOURCE, tables, filter, withMetadata: true });
  const isArchived = sql`EXISTS (SELECT FROM (${joinSql(archived, ' UNION ALL ')}) AS "archived"
    WHERE "archived"."id" = "trial_metadata"."trial_id")`;
  return {
    from,
    where: archivedCount === 0 ? where : sql`${where} AND NOT ${isArchived}`,
    ...(isAll && { trialCount: (await countTrials(run)) - archivedCount }),
  };
}

async function countUpToMost(ids: Sql, run: RunSql): Promise<number> {
  const limit = bind(MOST_ARCHIVED + 1, 'bigint');
  const [row] = await run<{ count: string }>(
    sql`SELECT count(*) AS "count" FROM (SELECT FROM (${ids}) AS "archived" LIMIT ${limit}) AS "counted"`,
  );
  return Number(row?.count ?? 0);
}

async function countTrials(run: RunSql): Promise<number> {
  const [row] = await run<{ count: string }>(sql`SELECT count(*) AS "count" FROM "trials"`);
  return Number(row?.count ?? 0);
}

function isEverything(filter: Filter): boolean {
  return filter.kind === 'and' && filter.filters.every(isEverything);
}
