import {
  EVERYTHING,
  joinSql,
  matchingTrials,
  needsDocument,
  sql,
  type Filter,
  type MatchingTrials,
  type MetadataTables,
  type Sql,
} from '../../metadata/index.js';
import { archivedInScope, isOfProjects, TRIAL_SOURCE, type Scope } from '../search/trial-source.js';
import { isOfDocument } from '../search/trial-walk.js';

/** The documents of a set of trials, to be read without the trials themselves, which takes a third less. */
export interface VisibleDocuments extends MatchingTrials {
  /** How many trials the set has, where those without a document belong to it; undefined where they do not. */
  readonly trials: Sql | undefined;
}

/**
 * The documents of all the trials that meet a filter on documents, but those of the archived trials, which are few. Undefined
 * where the trials themselves must be asked.
 */
export function visibleDocuments(
  filter: Filter,
  scope: Scope,
  tables: MetadataTables,
): VisibleDocuments | undefined {
  const isAll = isEverything(filter);
  if (isOfProjects(scope) || !isOfDocument(filter) || !(isAll || needsDocument(filter))) return undefined;
  const { from, where } = matchingTrials({ source: TRIAL_SOURCE, tables, filter, withMetadata: true });
  const archived = archivedInScope(scope).map(
    (condition) => sql`SELECT "trial"."id" FROM "trials" AS "trial" WHERE ${condition}`,
  );
  const trials = isAll ? countTrials(archived) : undefined;
  if (archived.length === 0) return { from, where, trials };
  const isArchived = sql`EXISTS (SELECT FROM (${joinSql(archived, ' UNION ALL ')}) AS "archived"
    WHERE "archived"."id" = "trial_metadata"."trial_id")`;
  return { from, where: sql`${where} AND NOT ${isArchived}`, trials };
}

function countTrials(archived: readonly Sql[]): Sql {
  const all = sql`(SELECT count(*) FROM "trials")`;
  if (archived.length === 0) return all;
  return sql`(${all} - (SELECT count(*) FROM (${joinSql(archived, ' UNION ')}) AS "archived"))`;
}

function isEverything(filter: Filter): boolean {
  return filter === EVERYTHING || (filter.kind === 'and' && filter.filters.every(isEverything));
}
