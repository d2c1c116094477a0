import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  CursorCodec,
  FieldIndexesService,
  matchingTrials,
  METADATA_OPTIONS,
  METADATA_TABLES,
  readOnly,
  sql,
  type CheckedMetadataOptions,
  type MetadataTables,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectAccess } from '../project-access.js';
import { HintsService } from './hints.service.js';
import type { SearchRequest } from './search-request.js';
import { findTrials } from './find-trials.js';
import { pageEndOf, searchText, type Page } from './page.js';
import { countTotal } from './total.js';
import { readTrialItems, type TrialItem } from './trial-items.js';
import { TRIAL_SOURCE, trialsInScope } from './trial-source.js';
import { lookedUpRows } from './trial-walk.js';

/** Finds trials by metadata and by columns. */
@Injectable()
export class TrialSearchService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly cursors: CursorCodec,
    private readonly access: ProjectAccess,
    private readonly indexes: FieldIndexesService,
    private readonly hints: HintsService,
  ) {}

  /**
   * The trials that meet the request's filter and that the user may see.
   * @throws InvalidRequestError for a cursor of another query; DatabaseBusyError after the statement timeout
   */
  async search(request: SearchRequest, user: unknown): Promise<Page<TrialItem>> {
    const { filter, sort, limit, offset } = request;
    const visibleProjects = await this.access.visibleProjects(user);
    const query = searchText('trials', request, visibleProjects);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const { tables } = this;
    const restriction = trialsInScope({ ...request, visibleProjects });
    const indexes = await this.indexes.current();
    const page = await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      // One row more than asked for tells whether there is a next page.
      const wanted = { tables, indexes, filter, restriction, sort, end, limit: offset + limit + 1 };
      const { rows, few } = await findTrials(wanted, run);
      const found = rows.slice(offset);
      const ends = found.slice(0, limit).map((row) => pageEndOf(row, 1 + sort.length));
      const items = await readTrialItems(
        ends.map((row) => row.id),
        request.projection,
        tables,
        run,
      );
      const { from, where } = matchingTrials({
        source: TRIAL_SOURCE,
        tables,
        filter,
        restriction,
        rows: few ? lookedUpRows(filter, tables, indexes) : undefined,
      });
      const total = await countTotal(request, sql`SELECT FROM ${from} WHERE ${where}`, found.length, run);
      const last = found.length > limit ? ends.at(-1) : undefined;
      const next = last === undefined ? null : this.cursors.encode(last, query);
      return { items: [...items.values()], total, next };
    });
    return this.hints.addTo(page, request, visibleProjects, user);
  }
}
