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
  FieldIndexesService,
  joinSql,
  lookedUpByText,
  matchingTrials,
  METADATA_OPTIONS,
  METADATA_TABLES,
  orderBy,
  pageValue,
  readReplica,
  SearchTally,
  sql,
  trustedSql,
  type Field,
  type Filter,
  type CheckedMetadataOptions,
  type DocumentIndexes,
  type MetadataTables,
  type OrderKey,
  type PageEnd,
  type Projection,
  type ReadRows,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import { readExperimentItems, type ExperimentItem } from './experiment-items.js';
import { asksForExperiments } from './few-experiments.js';
import { findCandidates, isBefore } from './find-candidates.js';
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
    private readonly indexes: FieldIndexesService,
    private readonly tally: SearchTally,
  ) {}

  /**
   * The experiments with a trial that meets the whole filter, ordered by the best such trial; a filter on experiment
   * and project columns alone needs no trial.
   * @throws InvalidRequestError for a cursor of another query; DatabaseBusyError after the statement timeout
   */
  async search(request: SearchRequest, user: unknown): Promise<Page<ExperimentItem>> {
    const indexes = await this.indexes.current();
    return await this.tally.timed(
      request,
      indexes,
      this.readPage(request, user, indexes),
      ({ items }) => items.length >= request.limit,
    );
  }

  private async readPage(
    request: SearchRequest,
    user: unknown,
    indexes: DocumentIndexes,
  ): Promise<Page<ExperimentItem>> {
    const { limit, offset } = request;
    const visibleProjects = await this.access.visibleProjects(user);
    const query = searchText('experiments', request, visibleProjects);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const wanted = offset + limit + 1;
    const page = await readReplica(this.dataSource, this.options.statementTimeout, async (run) => {
      const { filter } = request;
      const { tables } = this;
      const lookedUp = asksForExperiments(filter, { ...request, visibleProjects })
        ? undefined
        : await lookedUpByText({ filter, tables, indexes }, run);
      const all = await this.find({ request, visibleProjects, indexes, end, wanted, lookedUp }, run);
      const found = all.slice(offset);
      const rows = found.slice(0, limit);
      const items = await this.readItems(rows, request.projection, run);
      const { best, rows: matches } = this.compile({ request, visibleProjects, lookedUp });
      const total = await countTotal(request, sql`${best} SELECT ${matches}`, found.length, run);
      const last = found.length > limit ? rows.at(-1)?.end : undefined;
      const next = last === undefined ? null : this.cursors.encode(last, query);
      return { items, total, next };
    });
    return this.hints.addTo(page, request, visibleProjects, user);
  }

  /**
   * The first experiments. An experiment sorts by its best trial, so that in general the best of each must be known
   * before the first page is. Where an index has the order, the first trials of it tell which experiments can be meant.
   */
  private async find(search: WantedExperiments, run: RunSql): Promise<readonly FoundExperiment[]> {
    const { request, visibleProjects, indexes, end, wanted, lookedUp } = search;
    const { filter, sort } = request;
    const needsTrial = asksForTrial(filter);
    if (!needsTrial && !sort.some(({ field }) => isOfTrial(field))) {
      const ids = await run<{ id: string }>(this.compileOwn(search));
      return await this.findAmong(
        search,
        ids.map(({ id }) => id),
        run,
      );
    }
    // Few trials match, and all of them are at hand.
    if (lookedUp !== undefined) return await this.findAmong(search, undefined, run);
    const candidates = await findCandidates(
      {
        tables: this.tables,
        indexes,
        filter: needsTrial ? filter : EVERYTHING,
        restriction: trialsInScope({ ...request, visibleProjects }),
        sort,
        end,
        limit: wanted,
      },
      run,
    );
    if (candidates !== undefined) {
      const found = await this.findAmong(search, candidates.ids, run);
      const last = found[wanted - 1];
      if (last !== undefined && isBefore(last.end, candidates, compileSort(sort, DOCUMENT))) return found;
    }
    return await this.findAmong(search, undefined, run);
  }

  /** The first experiments, of these or of all. */
  private async findAmong(
    search: WantedExperiments,
    ids: readonly string[] | undefined,
    run: RunSql,
  ): Promise<readonly FoundExperiment[]> {
    const { end, wanted } = search;
    const { best, rows, keys } = this.compile(search, ids);
    const continued =
      end === undefined ? sql`` : sql` AND ${afterPageEnd(keys, EXPERIMENT_ID, 'bigint', end)}`;
    const expressions = [EXPERIMENT_ID, ...keys.map(pageValue)];
    const selected = selectTexts([
      ...expressions,
      sql`"best"."trial_id"`,
      sql`coalesce("best"."matching_trials", 0)`,
    ]);
    const found = await run<TextRow>(
      sql`${best} SELECT ${selected} ${rows}${continued} ORDER BY ${orderBy(keys, EXPERIMENT_ID)} LIMIT ${bind(wanted, 'bigint')}`,
    );
    return found.map((row) => ({
      end: pageEndOf(row, expressions.length),
      trialId: row[`v${expressions.length}`] ?? null,
      matchingTrials: Number(row[`v${expressions.length + 1}`]),
    }));
  }

  /** The ids of the first experiments by their own columns. */
  private compileOwn({ request, visibleProjects, end, wanted }: WantedExperiments): Sql {
    const keys = compileSort(request.sort, DOCUMENT);
    const continued =
      end === undefined ? sql`` : sql` AND ${afterPageEnd(keys, EXPERIMENT_ID, 'bigint', end)}`;
    return sql`SELECT "experiment"."id"::text AS "id" FROM "experiments" AS "experiment" JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id" WHERE ${experimentsInScope({ ...request, visibleProjects })} AND ${compileFilter(request.filter, { document: DOCUMENT })}${continued} ORDER BY ${orderBy(keys, EXPERIMENT_ID)} LIMIT ${bind(wanted, 'bigint')}`;
  }

  /** Trials first, then experiments by their ids: never from experiments outward, which a distributed database can't do. */
  private compile(
    {
      request,
      visibleProjects,
      lookedUp,
    }: Pick<WantedExperiments, 'request' | 'visibleProjects' | 'lookedUp'>,
    ids?: readonly string[],
  ): CompiledSearch {
    const { filter, sort } = request;
    const scope = { ...request, visibleProjects };
    const needsTrial = asksForTrial(filter);
    const { from, where } = matchingTrials({
      source: TRIAL_SOURCE,
      tables: this.tables,
      filter: needsTrial ? filter : EVERYTHING,
      restriction: sql`${trialsInScope(scope)}${among(trustedSql('"trial"."experiment_id"'), ids)}`,
      columns: columnsOf(sort),
      rows: lookedUp,
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
    const rows = sql`FROM "experiments" AS "experiment" JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id" ${join} "best" ON "best"."experiment_id" = "experiment"."id" WHERE ${experimentsInScope(scope)} AND ${compileFilter(ownFilter, { document: DOCUMENT })}${among(EXPERIMENT_ID, ids)}`;
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

/** Which experiments a search is about. */
interface WantedExperiments {
  readonly request: SearchRequest;
  readonly visibleProjects: 'all' | readonly number[];
  readonly indexes: DocumentIndexes;
  readonly end: PageEnd | undefined;
  /** How many at most. */
  readonly wanted: number;
  /** The documents that hold the texts of the filter, where these are few. */
  readonly lookedUp: ReadRows | undefined;
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

function among(id: Sql, ids: readonly string[] | undefined): Sql {
  return ids === undefined ? sql`` : sql` AND ${id} = ANY (${bind(ids, 'bigint[]')})`;
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
