import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  conditionsOf,
  FieldIndexesService,
  KnownFieldsService,
  lookedUpRows,
  matchingTrials,
  paysToLookUp,
  METADATA_OPTIONS,
  METADATA_TABLES,
  readReplica,
  sql,
  type CheckedMetadataOptions,
  type Condition,
  type Filter,
  type KnownField,
  type MetadataTables,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { hintFor, withoutOtherSpellings, type Hint } from './hints.js';
import type { SearchRequest } from './search-request.js';
import type { Page } from './page.js';
import { countTotal, type Total } from './total.js';
import { TRIAL_SOURCE, trialsInScope } from './trial-source.js';

/** Conditions looked at, from the left; a longer filter is seldom written by hand. */
const MAX_HINTS = 10;
/** Known fields that a misspelt one is compared with. */
const MAX_FIELDS = 1_000;

const NONE: Total = { value: 0, relation: 'eq' };

/** Says why a search found nothing. */
@Injectable()
export class HintsService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly fields: KnownFieldsService,
    private readonly indexes: FieldIndexesService,
  ) {}

  /** The page with hints when it shows that nothing matches. */
  async addTo<Item>(
    page: Page<Item>,
    request: SearchRequest,
    visibleProjects: 'all' | readonly number[],
    user: unknown,
  ): Promise<Page<Item>> {
    if (request.hints === false || page.items.length > 0 || request.after !== undefined || request.offset > 0)
      return page;
    const hints = await this.explain(request, visibleProjects, user);
    return hints.length === 0 ? page : { ...page, hints };
  }

  /** A hint for each condition of the filter that is worth one, ten at most, over the trials of the request's scope that the user sees. */
  private async explain(
    request: SearchRequest,
    visibleProjects: 'all' | readonly number[],
    user: unknown,
  ): Promise<readonly Hint[]> {
    const all = [...conditionsOf(request.filter)];
    if (all.length === 0) return [];
    const isOfMetadata = all.some(({ field }) => field.kind === 'metadata');
    const known = isOfMetadata ? await this.knownFields(request, user) : [];
    const conditions = withoutOtherSpellings(all, known).slice(0, MAX_HINTS);
    const restriction = trialsInScope({ ...request, visibleProjects });
    const indexes = await this.indexes.current();
    return readReplica(this.dataSource, this.options.statementTimeout, async (run) => {
      const hints: Hint[] = [];
      for (const condition of conditions) {
        if (isEnough(condition, request.filter)) {
          hints.push(hintFor(condition, NONE, known));
          continue;
        }
        const { tables } = this;
        const few = await paysToLookUp({ filter: condition, tables, indexes }, run);
        const { from, where } = matchingTrials({
          source: TRIAL_SOURCE,
          tables,
          filter: condition,
          restriction,
          rows: few ? lookedUpRows(condition, tables, indexes) : undefined,
        });
        const rows = sql`SELECT FROM ${from} WHERE ${where}`;
        const matches = await countTotal({ ...request, count: 'capped' }, rows, request.limit, run);
        if (matches !== undefined) hints.push(hintFor(condition, matches, known));
      }
      return hints;
    });
  }

  private async knownFields(request: SearchRequest, user: unknown): Promise<readonly KnownField[]> {
    const scope = request.projectId === undefined ? undefined : String(request.projectId);
    const page = await this.fields.list(
      { scope, search: undefined, limit: MAX_FIELDS, after: undefined },
      user,
    );
    return page.items;
  }
}

/** Whether every trial that meets the condition meets the filter: then the search has shown that none does. */
function isEnough(condition: Condition, filter: Filter): boolean {
  if (filter.kind === 'or') return filter.filters.some((part) => isEnough(condition, part));
  if (filter.kind === 'and')
    return filter.filters.length > 0 && filter.filters.every((part) => isEnough(condition, part));
  return filter === condition;
}
