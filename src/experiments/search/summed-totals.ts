import { Inject, Injectable } from '@nestjs/common';
import {
  bind,
  compileFilter,
  DOCUMENT,
  joinSql,
  METADATA_TABLES,
  sql,
  summarySubject,
  ValueSummariesService,
  writeJson,
  type Filter,
  type JsonValue,
  type MetadataTables,
  type Path,
  type Sql,
} from '../../metadata/index.js';
import type { VisibleProjects } from './page.js';
import type { SearchRequest } from './search-request.js';
import { COUNT_CAP, type Total } from './total.js';
import { archivedInScope, idsOfTrials } from './trial-source.js';

/** Archived trials that are taken off a summary at most: beyond these it is cheaper to count the others. */
const MOST_ARCHIVED = 50_000;

interface SummedRow {
  /** Trials with the value, the archived ones among them. */
  readonly count: string;
  /** Archived trials, with the value or not, or more: one may count twice. */
  readonly archived: string;
  /** Archived trials with the value; null where they were not asked for. */
  readonly left_out: string | null;
}

/**
 * Totals of searches for one value of a field, from the summary of its values that counting keeps exact: a summary counts
 * archived trials too, which are few, and are taken off.
 */
@Injectable()
export class SummedTotals {
  constructor(
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    private readonly summaries: ValueSummariesService,
  ) {}

  /** Undefined where the trials must be counted. A summary that would have told is made for later requests. */
  async total(request: SearchRequest, visibleProjects: VisibleProjects): Promise<Total | undefined> {
    const asked = askedValue(request.filter);
    if (asked === undefined || request.count === 'none') return undefined;
    const scope = request.projectId === undefined ? undefined : String(request.projectId);
    const visible = visibleProjects === 'all' ? visibleProjects : visibleProjects.map(String);
    const subject = summarySubject(asked.path, scope, visible);
    if (subject === undefined) return undefined;
    const asksExactly = request.count === 'exact';
    const archived = archivedInScope({ ...request, visibleProjects });
    const leftOut = asksExactly ? this.countLeftOut(archived, request.filter) : sql`NULL`;
    const select = (counted: Sql): Sql => sql`SELECT "count", "archived",
      CASE WHEN "archived" <= ${bind(MOST_ARCHIVED, 'bigint')} THEN ${leftOut} END AS "left_out" FROM (
        SELECT "count", ${countArchived(archived)} AS "archived" FROM (${counted}) AS "counted"
         WHERE "value" = ${bind(writeJson(asked.value), 'jsonb')} OFFSET 0) AS "summed"`;
    const rows = await this.summaries.answer<SummedRow>({ subject, select, limit: 1, selective: false });
    if (rows === undefined) {
      this.summaries.ask(subject);
      return undefined;
    }
    const [row] = rows;
    return row === undefined ? undefined : totalOf(row, asksExactly);
  }

  private countLeftOut(archived: readonly Sql[], filter: Filter): Sql {
    if (archived.length === 0) return sql`0`;
    return sql`(SELECT count(*) FROM (${joinSql(archived.map(idsOfTrials), ' UNION ')}) AS "archived"
      JOIN ${this.tables.metadata} AS "trial_metadata" ON "trial_metadata"."trial_id" = "archived"."id"
      WHERE (${compileFilter(filter, { document: DOCUMENT })}) IS TRUE)`;
  }
}

/** How many there are, or more; past the most that are taken off it is not counted on. */
function countArchived(archived: readonly Sql[]): Sql {
  const limit = bind(MOST_ARCHIVED + 1, 'bigint');
  const counts = archived.map(
    (condition) => sql`(SELECT count(*) FROM (${idsOfTrials(condition)} LIMIT ${limit}) AS "archived")`,
  );
  return joinSql(counts, ' + ', sql`0`);
}

/** The field and the value, where a filter is that the one is the other. */
function askedValue(filter: Filter): { readonly path: Path; readonly value: JsonValue } | undefined {
  if (filter.kind === 'and' && filter.filters.length === 1 && filter.filters[0] !== undefined)
    return askedValue(filter.filters[0]);
  if (filter.kind !== 'condition' || filter.operator !== 'is' || filter.field.kind !== 'metadata')
    return undefined;
  return { path: filter.field.path, value: filter.operands[0] ?? null };
}

function totalOf({ count, archived, left_out: leftOut }: SummedRow, asksExactly: boolean): Total | undefined {
  if (asksExactly)
    return leftOut === null ? undefined : { value: Number(count) - Number(leftOut), relation: 'eq' };
  const atLeast = Number(archived) > MOST_ARCHIVED ? 0 : Number(count) - Number(archived);
  return atLeast > COUNT_CAP ? { value: COUNT_CAP, relation: 'gte' } : undefined;
}
