import { Injectable } from '@nestjs/common';
import {
  AggregateService,
  ProjectsService,
  TRIAL_COLUMNS,
  TrialSearchService,
  type Project,
  type SearchRequest,
  type TrialItem,
} from '../../experiments/index.js';
import { JsonNumber, RawJson, type Column } from '../../metadata/index.js';
import { FLAT_RUN_COLUMNS, flatRun, type FlatRun } from './flat-run.js';
import { paginate, type Pagination } from './pagination.js';
import type { SearchRunsRequest } from './search-runs-request.js';

/** The answer of SearchRuns. */
export interface FoundRuns {
  readonly runs: readonly FlatRun[];
  readonly pagination: Pagination;
}

/** Runs that one statement reads; a longer answer is put together of several. */
const PAGE_SIZE = 500;

/** Finds runs as Determined's pages and tools do. */
@Injectable()
export class SearchRunsService {
  constructor(
    private readonly trials: TrialSearchService,
    private readonly aggregates: AggregateService,
    private readonly projects: ProjectsService,
  ) {}

  /** @throws ProjectNotFoundError, DatabaseBusyError */
  async search(request: SearchRunsRequest, user: unknown): Promise<FoundRuns> {
    const { projectId, offset, limit } = request;
    if (projectId !== undefined) await this.projects.get(user, projectId);
    // From the end it can be told what to read only when all are counted.
    const isFromEnd = offset < 0;
    const most = paginate(0, limit, PAGE_SIZE).endIndex;
    const first = isFromEnd ? { limit: 0 } : { offset, limit: most };
    const page = await this.trials.search(searchOf(request, { ...first, count: 'exact' }), user);
    const pagination = paginate(offset, limit, page.total?.value ?? 0);
    const rest: Partial<SearchRequest> | undefined = isFromEnd
      ? { offset: pagination.startIndex }
      : page.next === null
        ? undefined
        : { after: page.next };
    const trials = [
      ...page.items,
      ...(await this.readRest(request, rest, pagination, page.items.length, user)),
    ];
    return { runs: await this.toRuns(trials, user), pagination };
  }

  /** The runs behind those that were read already. */
  private async readRest(
    request: SearchRunsRequest,
    start: Partial<SearchRequest> | undefined,
    { startIndex, endIndex }: Pagination,
    read: number,
    user: unknown,
  ): Promise<readonly TrialItem[]> {
    const items: TrialItem[] = [];
    let place = start;
    for (;;) {
      const limit = Math.min(PAGE_SIZE, endIndex - startIndex - read - items.length);
      if (place === undefined || limit <= 0) return items;
      const page = await this.trials.search(searchOf(request, { ...place, limit }), user);
      items.push(...page.items);
      place = page.next === null ? undefined : { after: page.next };
    }
  }

  private async toRuns(trials: readonly TrialItem[], user: unknown): Promise<readonly FlatRun[]> {
    const counts = await this.countTrials(distinctIds(trials, 'experimentId'), user);
    const projects = new Map<number, Project>();
    for (const id of distinctIds(trials, 'projectId')) projects.set(id, await this.projects.get(user, id));
    return trials.map((trial) =>
      flatRun(trial, projects.get(idOf(trial, 'projectId')), counts.get(idOf(trial, 'experimentId')) ?? 1),
    );
  }

  /** How many trials each of the experiments has. */
  private async countTrials(ids: readonly number[], user: unknown): Promise<ReadonlyMap<number, number>> {
    const counts = new Map<number, number>();
    const field = { kind: 'column', column: columnNamed('experiment.id') } as const;
    for (let start = 0; start < ids.length; start += PAGE_SIZE) {
      const operands = ids.slice(start, start + PAGE_SIZE).map((id) => new JsonNumber(String(id)));
      const { groups } = await this.aggregates.aggregate(
        {
          trials: {
            filter: { kind: 'condition', field, operator: 'in', operands },
            projectId: undefined,
            archived: true,
          },
          groupBy: [field],
          measures: [],
          sort: [],
          limit: PAGE_SIZE,
        },
        user,
      );
      for (const { key, count } of groups) counts.set(Number(key.get(field.column.name)), count);
    }
    return counts;
  }
}

function searchOf(
  { projectId, filter, archived, sort }: SearchRunsRequest,
  page: Partial<SearchRequest>,
): SearchRequest {
  return {
    projectId,
    filter,
    archived,
    sort,
    projection: { columns: FLAT_RUN_COLUMNS.map(columnNamed), metadata: 'all' },
    limit: PAGE_SIZE,
    offset: 0,
    after: undefined,
    count: 'none',
    hints: false,
    ...page,
  };
}

function columnNamed(name: string): Column {
  const column = TRIAL_COLUMNS.get(name);
  if (column === undefined) throw new Error(`There is no column ${name}.`);
  return column;
}

function distinctIds(trials: readonly TrialItem[], name: string): readonly number[] {
  return [...new Set(trials.map((trial) => idOf(trial, name)))];
}

function idOf(trial: TrialItem, name: string): number {
  const value = trial[name];
  return value instanceof RawJson ? Number(value.text) : Number.NaN;
}
