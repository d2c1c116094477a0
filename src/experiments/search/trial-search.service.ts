import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  CursorCodec,
  FieldIndexesService,
  lookedUpRows,
  matchingTrials,
  paysToLookUp,
  METADATA_OPTIONS,
  METADATA_TABLES,
  PreparedStatements,
  readReplica,
  SearchTally,
  sql,
  type CheckedMetadataOptions,
  type DocumentIndexes,
  type MetadataTables,
  type RunSql,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import { HintsService } from './hints.service.js';
import type { SearchRequest } from './search-request.js';
import { findTrials } from './find-trials.js';
import { readFirstPage } from './first-page.js';
import { pageEndOf, searchText, type Page } from './page.js';
import { SummedTotals } from './summed-totals.js';
import { countTotal, toldTotal, type Total } from './total.js';
import { readTrialItems, type TrialItem } from './trial-items.js';
import { experimentsInScope, isOfProjects, TRIAL_SOURCE, trialsInScope } from './trial-source.js';

/**
 * Pages that are asked for again and again, as a page with its filter is, cost half as much when they are parsed once. A
 * connection keeps each for good, 180 KiB (measured).
 */
const PREPARED = { after: 5, most: 64 };

/** Finds trials by metadata and by columns. */
@Injectable()
export class TrialSearchService {
  private readonly statements: PreparedStatements;

  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly cursors: CursorCodec,
    private readonly access: ProjectAccess,
    private readonly indexes: FieldIndexesService,
    private readonly hints: HintsService,
    private readonly tally: SearchTally,
    private readonly summed: SummedTotals,
  ) {
    this.statements = new PreparedStatements(dataSource, PREPARED);
  }

  /**
   * The trials that meet the request's filter and that the user may see.
   * @throws InvalidRequestError for a cursor of another query; DatabaseBusyError after the statement timeout
   */
  async search(request: SearchRequest, user: unknown): Promise<Page<TrialItem>> {
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
  ): Promise<Page<TrialItem>> {
    const { filter, sort, limit, offset } = request;
    const visibleProjects = await this.access.visibleProjects(user);
    const query = searchText('trials', request, visibleProjects);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const { tables } = this;
    const scope = { ...request, visibleProjects };
    const restriction = trialsInScope(scope);
    const experiments = isOfProjects(scope) ? experimentsInScope(scope) : undefined;
    // One row more than asked for tells whether there is a next page.
    const wanted = {
      tables,
      indexes,
      filter,
      restriction,
      experiments,
      sort,
      end,
      limit: offset + limit + 1,
    };
    const countIn = (run: RunSql, found: number, by?: DocumentIndexes): Promise<Total | undefined> => {
      const rows = by && lookedUpRows(filter, tables, by);
      const { from, where } = matchingTrials({ source: TRIAL_SOURCE, tables, filter, restriction, rows });
      return countTotal(request, sql`SELECT FROM ${from} WHERE ${where}`, found, run);
    };
    const { dataSource, statements } = this;
    const timeout = this.options.statementTimeout;
    // Rows that an offset skips would be read whole.
    const first =
      offset > 0
        ? undefined
        : await readFirstPage(wanted, request.projection, { dataSource, statements, timeout });
    if (first?.found !== undefined) {
      const { found, lookedUpBy } = first;
      const isLast = found.length < wanted.limit;
      const shown = isLast ? found : found.slice(0, -1);
      const { total } = toldTotal(request, shown.length) ?? {
        total:
          (await this.summed.total(request, visibleProjects)) ??
          (await readReplica(dataSource, timeout, (run) => countIn(run, shown.length, lookedUpBy))),
      };
      const last = isLast ? undefined : shown.at(-1);
      const next = last === undefined ? null : this.cursors.encode(last.end, query);
      const page = { items: shown.map(({ item }) => item), total, next };
      return this.hints.addTo(page, request, visibleProjects, user);
    }
    const page = await readReplica(dataSource, timeout, async (run) => {
      const walked = first?.walked;
      const readsAll = !(await paysToLookUp(wanted, run, walked?.textsPay));
      const { rows, few } = await findTrials({ ...wanted, readsAll }, run, walked);
      const found = rows.slice(offset);
      const ends = found.slice(0, limit).map((row) => pageEndOf(row, 1 + sort.length));
      const items = await readTrialItems(
        ends.map((row) => row.id),
        request.projection,
        tables,
        run,
      );
      const total = await countIn(run, found.length, few ? indexes : undefined);
      const last = found.length > limit ? ends.at(-1) : undefined;
      const next = last === undefined ? null : this.cursors.encode(last, query);
      return { items: [...items.values()], total, next };
    });
    return this.hints.addTo(page, request, visibleProjects, user);
  }
}
