import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  afterPageEnd,
  bind,
  compileFilter,
  compileSort,
  conditionsOf,
  CursorCodec,
  DOCUMENT,
  EVERYTHING,
  joinSql,
  matchingTrials,
  METADATA_OPTIONS,
  METADATA_TABLES,
  orderBy,
  readOnly,
  sql,
  trustedSql,
  type Field,
  type Filter,
  type CheckedMetadataOptions,
  type MetadataTables,
  type OrderKey,
  type PageEnd,
  type Projection,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import { readExperimentItems, type ExperimentItem } from './experiment-items.js';
import { HintsService } from './hints.service.js';
import type { SearchRequest } from './search-request.js';
import { selectTexts, type TextRow } from './select-row.js';
import { countTotal } from './total.js';
import { readTrialItems } from './trial-items.js';
import { columnsOf, pageEndOf, searchText, type Page } from './page.js';
import { experimentsInScope, TRIAL_SOURCE, trialsInScope } from './trial-source.js';

const EXPERIMENT_ID = trustedSql('"experiment"."id"');

/** Finds experiments by the metadata and columns of their trials, and by columns of their own. */
@Injectable()
export class ExperimentSearchService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly cursors: CursorCodec,
    private readonly access: ProjectAccess,
    private readonly hints: HintsService,
  ) {}

  /**
   * The experiments with a trial that meets the whole filter, ordered by the best such trial; a filter on experiment
   * and project columns alone needs no trial.
   * @throws InvalidRequestError for a cursor of another query; DatabaseBusyError after the statement timeout
   */
  async search(request: SearchRequest, user: unknown): Promise<Page<ExperimentItem>> {
    const { limit, offset } = request;
    const visibleProjects = await this.access.visibleProjects(user);
    const query = searchText('experiments', request, visibleProjects);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const statement = this.compile(request, visibleProjects);
    const { keys } = statement;
    const continued =
      end === undefined ? sql`` : sql` AND ${afterPageEnd(keys, EXPERIMENT_ID, 'bigint', end)}`;
    const selected = [EXPERIMENT_ID, ...keys.map((key) => key.expression)];
    const best = selectTexts([
      ...selected,
      sql`"best"."trial_id"`,
      sql`coalesce("best"."matching_trials", 0)`,
    ]);
    const page = await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      const found = await run<TextRow>(
        sql`${statement.best} SELECT ${best} ${statement.rows}${continued} ORDER BY ${orderBy(keys, EXPERIMENT_ID)} LIMIT ${bind(limit + 1, 'bigint')} OFFSET ${bind(offset, 'bigint')}`,
      );
      const rows = found.slice(0, limit).map((row) => ({
        end: pageEndOf(row, selected.length),
        trialId: row[`v${selected.length}`] ?? null,
        matchingTrials: Number(row[`v${selected.length + 1}`]),
      }));
      const items = await this.readItems(rows, request.projection, run);
      const total = await countTotal(
        request,
        sql`${statement.best} SELECT ${statement.rows}`,
        found.length,
        run,
      );
      const last = found.length > limit ? rows.at(-1)?.end : undefined;
      const next = last === undefined ? null : this.cursors.encode(last, query);
      return { items, total, next };
    });
    return this.hints.addTo(page, request, visibleProjects, user);
  }

  /** Trials first, then experiments by their ids: never from experiments outward, which a distributed database can't do. */
  private compile(request: SearchRequest, visibleProjects: 'all' | readonly number[]): CompiledSearch {
    const { filter, sort } = request;
    const scope = { ...request, visibleProjects };
    const needsTrial = asksForTrial(filter);
    const { from, where } = matchingTrials({
      source: TRIAL_SOURCE,
      tables: this.tables,
      filter: needsTrial ? filter : EVERYTHING,
      restriction: trialsInScope(scope),
      columns: columnsOf(sort),
    });
    const sortKeys = compileSort(sort, DOCUMENT);
    const trialKeys = sortKeys.flatMap((key, index) =>
      isOfTrial(sort[index]?.field) ? [{ ...key, name: trustedSql(`"key_${index}"`) }] : [],
    );
    const selected = trialKeys.map((key) => sql`, ${key.expression} AS ${key.name}`);
    const bestFirst = orderBy(
      trialKeys.map((key) => ({ ...key, expression: key.name })),
      trustedSql('"trial_id"'),
    );
    // "matching" holds one row a trial, "best" one row an experiment.
    const best = sql`WITH "matching" AS (SELECT "trial"."experiment_id", "trial"."id" AS "trial_id"${joinSql(selected, '')} FROM ${from} WHERE ${where}), "best" AS (SELECT DISTINCT ON ("experiment_id") *, count(*) OVER (PARTITION BY "experiment_id") AS "matching_trials" FROM "matching" ORDER BY "experiment_id", ${bestFirst})`;
    const ownFilter = needsTrial ? EVERYTHING : filter;
    const keys = sortKeys.map((key, index) =>
      isOfTrial(sort[index]?.field) ? { ...key, expression: trustedSql(`"best"."key_${index}"`) } : key,
    );
    const join = trustedSql(needsTrial ? 'JOIN' : 'LEFT JOIN');
    const rows = sql`FROM "experiments" AS "experiment" JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id" ${join} "best" ON "best"."experiment_id" = "experiment"."id" WHERE ${experimentsInScope(scope)} AND ${compileFilter(ownFilter, { document: DOCUMENT })}`;
    return { best, rows, keys };
  }

  private async readItems(
    rows: readonly FoundExperiment[],
    projection: Projection,
    run: RunSql,
  ): Promise<readonly ExperimentItem[]> {
    const trialIds = rows.flatMap((row) => row.trialId ?? []);
    const trials = await readTrialItems(trialIds, trialPart(projection), this.tables, run);
    const experiments = await readExperimentItems(
      rows.map((row) => row.end.id),
      projection,
      run,
    );
    return rows.flatMap(({ end, trialId, matchingTrials }) => {
      const experiment = experiments.get(end.id);
      if (experiment === undefined) return [];
      const trial = trialId === null ? undefined : trials.get(trialId);
      return [{ ...experiment, matchingTrials, trial: trial ?? null }];
    });
  }
}

/** An experiment of a page. */
interface FoundExperiment {
  readonly end: PageEnd;
  /** Its best matching trial. */
  readonly trialId: string | null;
  readonly matchingTrials: number;
}

interface CompiledSearch {
  /** WITH … "best": the best matching trial of each experiment. */
  readonly best: Sql;
  /** FROM … WHERE: an experiment a row. */
  readonly rows: Sql;
  readonly keys: readonly OrderKey[];
}

/** Whether only an experiment with a trial can match. */
function asksForTrial(filter: Filter): boolean {
  return [...conditionsOf(filter)].some((condition) => isOfTrial(condition.field));
}

function isOfTrial(field: Field | undefined): boolean {
  return field !== undefined && (field.kind === 'metadata' || field.column.owner === 'trial');
}

/** What the item's `trial` holds: its id and metadata, and those trial columns that were asked for. */
function trialPart(projection: Projection): Projection {
  const columns =
    projection.columns === 'default' ? [] : projection.columns.filter((column) => column.owner === 'trial');
  return { ...projection, columns };
}
