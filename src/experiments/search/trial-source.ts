import {
  bind,
  joinSql,
  sql,
  trustedSql,
  type Column,
  type Sql,
  type TrialSource,
} from '../../metadata/index.js';
import { TRIAL_COLUMNS } from '../trial-columns.js';

/** Projects, experiments and trials as the query engine sees them. */
export const TRIAL_SOURCE: TrialSource = {
  from: trustedSql('"trials" AS "trial"'),
  // The same as a sort by it has, by which an order knows that it needs no other key behind.
  trialId: columnNamed('trial.id').sql,
  joins: [
    {
      name: 'experiment',
      sql: trustedSql('JOIN "experiments" AS "experiment" ON "experiment"."id" = "trial"."experiment_id"'),
    },
    {
      name: 'project',
      sql: trustedSql('JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id"'),
    },
  ],
  columns: TRIAL_COLUMNS,
  scope: columnNamed('project.id'),
};

/** The column of that name. */
export function columnNamed(name: string): Column {
  const column = TRIAL_COLUMNS.get(name);
  if (column === undefined) throw new Error(`There is no column ${name}.`);
  return column;
}

/** Which part of everything a request is about, apart from its filter. */
export interface Scope {
  readonly projectId: number | undefined;
  /** Whether archived trials and experiments are taken in. */
  readonly archived: boolean;
  /** The projects that the caller may see. */
  readonly visibleProjects: 'all' | readonly number[];
}

/**
 * The trials of a scope, as a condition on `"trial"` alone. The experiments are few, so they are asked as a set; and of
 * the archived ones, which are fewer, it is asked that the trial's is none of them.
 */
export function trialsInScope(scope: Scope): Sql {
  const projects = projectConditions(scope);
  const conditions = scope.archived
    ? []
    : [
        sql`NOT "trial"."archived"`,
        sql`"trial"."experiment_id" NOT IN (SELECT "experiment"."id" FROM "experiments" AS "experiment" WHERE "experiment"."archived")`,
      ];
  if (projects.length > 0) {
    conditions.push(
      sql`"trial"."experiment_id" IN (SELECT "experiment"."id" FROM "experiments" AS "experiment" WHERE ${joinSql(projects, ' AND ')})`,
    );
  }
  return joinSql(conditions, ' AND ', sql`true`);
}

/**
 * The trials that a scope leaves out as archived, as conditions on `"trial"` that an index serves each; a trial may meet
 * both. None when it leaves out none.
 */
export function archivedInScope(scope: Scope): readonly Sql[] {
  if (scope.archived) return [];
  const projects = projectConditions(scope);
  const ofExperiments = (conditions: readonly Sql[]): Sql =>
    sql`"trial"."experiment_id" IN (SELECT "experiment"."id" FROM "experiments" AS "experiment" WHERE ${joinSql(conditions, ' AND ')})`;
  const inProjects = projects.length === 0 ? [] : [ofExperiments(projects)];
  return [
    joinSql([sql`"trial"."archived"`, ...inProjects], ' AND '),
    ofExperiments([sql`"experiment"."archived"`, ...projects]),
  ];
}

/** The ids of the trials that meet a condition on `"trial"`. */
export function idsOfTrials(condition: Sql): Sql {
  return sql`SELECT "trial"."id" FROM "trials" AS "trial" WHERE ${condition}`;
}

/** The experiments of a scope, as a condition on `"experiment"`. */
export function experimentsInScope(scope: Scope): Sql {
  const conditions = projectConditions(scope);
  if (!scope.archived) conditions.push(sql`NOT "experiment"."archived"`);
  return joinSql(conditions, ' AND ', sql`true`);
}

/** Whether the scope is bound to some projects. */
export function isOfProjects({ projectId, visibleProjects }: Scope): boolean {
  return projectId !== undefined || visibleProjects !== 'all';
}

function projectConditions({ projectId, visibleProjects }: Scope): Sql[] {
  const conditions: Sql[] = [];
  if (projectId !== undefined) conditions.push(sql`"experiment"."project_id" = ${bind(projectId, 'bigint')}`);
  if (visibleProjects !== 'all') {
    conditions.push(sql`"experiment"."project_id" = ANY (${bind(visibleProjects, 'bigint[]')})`);
  }
  return conditions;
}
