import {
  bind,
  compileFilter,
  conditionsOf,
  DOCUMENT,
  EVERYTHING,
  sql,
  type Filter,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { isOfProjects, type Scope } from './trial-source.js';
import { partsOf, wholeNumber, type Wanted } from './trial-walk.js';

/** Up to so many experiments and trials, reading all of these costs less than looking a condition up in all documents. */
const MOST_EXPERIMENTS = 500;
const MOST_TRIALS = 10_000;

/**
 * The trials of the experiments that a search is about, as a condition on `"trial"` that an index serves; undefined when
 * these are many, or nothing but the trials themselves decides which are meant.
 */
export async function ofFewExperiments(wanted: Wanted, run: RunSql): Promise<Sql | undefined> {
  const { filter, experiments } = wanted;
  const own = experimentConditions(filter);
  if (own === EVERYTHING && experiments === undefined) return undefined;
  const where = sql`${experiments ?? sql`true`} AND ${compileFilter(own, { document: DOCUMENT })}`;
  const found = await run<{ id: string }>(
    sql`SELECT "experiment"."id"::text AS "id" FROM "experiments" AS "experiment" JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id" WHERE ${where} LIMIT ${wholeNumber(MOST_EXPERIMENTS + 1)}`,
  );
  if (found.length > MOST_EXPERIMENTS) return undefined;
  const ids = found.map(({ id }) => id);
  const condition = sql`"trial"."experiment_id" = ANY (${bind(ids, 'bigint[]')})`;
  const [counted] = await run<{ few: boolean }>(
    sql`SELECT count(*) <= ${wholeNumber(MOST_TRIALS)} AS "few" FROM (SELECT FROM "trials" AS "trial" WHERE ${condition} LIMIT ${wholeNumber(MOST_TRIALS + 1)}) AS "counted"`,
  );
  return counted?.few === true ? condition : undefined;
}

/** Those top-level conditions of a filter that look at the experiment and its project alone. */
export function experimentConditions(filter: Filter): Filter {
  return partsOf(filter, isOfExperiment);
}

/** Whether the trials of some experiments are asked for: of these it may be cheaper to read all than to look any up. */
export function asksForExperiments(filter: Filter, scope: Scope): boolean {
  return isOfProjects(scope) || experimentConditions(filter) !== EVERYTHING;
}

function isOfExperiment(filter: Filter): boolean {
  const fields = [...conditionsOf(filter)].map(({ field }) => field);
  return (
    fields.length > 0 && fields.every((field) => field.kind === 'column' && field.column.owner !== 'trial')
  );
}
