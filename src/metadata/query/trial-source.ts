import type { Column, ColumnCatalog } from './column.js';
import type { Sql } from './sql.js';

/** A join that {@link TrialSource} can add: one row for each trial. */
export interface TrialJoin {
  readonly name: string;
  /** e.g. `JOIN "experiments" AS "experiment" ON "experiment"."id" = "trial"."experiment_id"` */
  readonly sql: Sql;
}

/** Where a host keeps its trials, in SQL: what a query over many trials selects from. */
export interface TrialSource {
  /** The trials alone, e.g. `"trials" AS "trial"`. */
  readonly from: Sql;
  readonly trialId: Sql;
  /** What can be joined, in the order of joining; a query takes the joins up to the last one that it needs. */
  readonly joins: readonly TrialJoin[];
  /** What fields other than metadata a request may name. */
  readonly columns: ColumnCatalog;
  /** The owner of a trial (its project), by which the known fields are counted apart. */
  readonly scope: Column;
}

/** FROM with the joins that the columns need. */
export function joinsFor(source: TrialSource, columns: Iterable<Column>): readonly Sql[] {
  const needed = new Set([...columns].map((column) => column.join));
  const last = source.joins.findLastIndex((join) => needed.has(join.name));
  return source.joins.slice(0, last + 1).map((join) => join.sql);
}
