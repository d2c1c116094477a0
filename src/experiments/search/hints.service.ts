import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  bind,
  compileFilter,
  conditionsOf,
  DOCUMENT,
  EVERYTHING,
  FieldIndexesService,
  formatFilter,
  formatPath,
  KnownFieldsService,
  lookedUpRows,
  matchingTrials,
  paysToLookUp,
  METADATA_OPTIONS,
  METADATA_TABLES,
  readReplica,
  sql,
  writeJson,
  type CheckedMetadataOptions,
  type Condition,
  type DocumentIndexes,
  type Filter,
  type KnownField,
  type MetadataTables,
  type ReadRows,
  type RunSql,
  type Sql,
  type TrialSelection,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { candidatesFor, type Candidate } from './alternatives.js';
import { hintFor, knownFieldOf, withoutOtherSpellings, type Hint } from './hints.js';
import type { SearchRequest } from './search-request.js';
import type { Page } from './page.js';
import { countTotal, type Total } from './total.js';
import { TRIAL_SOURCE, trialsInScope } from './trial-source.js';

/** Conditions looked at, from the left; a longer filter is seldom written by hand. */
const MAX_HINTS = 10;
/** Known fields that a misspelt one is compared with. */
const MAX_FIELDS = 1_000;

/** Documents of the scope that a guess is tried on where no index pays. */
const SAMPLE = 2_000;

const NONE: Total = { value: 0, relation: 'eq' };

/** By what, and within what, the hints of one search are found. */
interface Look {
  readonly restriction: Sql;
  readonly indexes: DocumentIndexes;
  readonly run: RunSql;
}

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
    const known = isOfMetadata ? await this.knownFields(all, request, user) : [];
    const conditions = withoutOtherSpellings(all, known).slice(0, MAX_HINTS);
    const restriction = trialsInScope({ ...request, visibleProjects });
    const indexes = await this.indexes.current();
    const asked = new Set(all.map(textOf));
    return readReplica(this.dataSource, this.options.statementTimeout, async (run) => {
      const look: Look = { restriction, indexes, run };
      const hints: Hint[] = [];
      for (const condition of conditions) {
        const isNone = isEnough(condition, request.filter);
        const matches = isNone ? NONE : await this.count(condition, request, look);
        const field = knownFieldOf(condition, known);
        const candidates = field === undefined || matches.value > 0 ? [] : candidatesFor(condition, field);
        const others = candidates.filter((candidate) => !asked.has(textOf(candidate.condition)));
        hints.push(hintFor(condition, matches, known, await this.firstMet(others, look)));
      }
      return hints;
    });
  }

  private async count(condition: Condition, request: SearchRequest, look: Look): Promise<Total> {
    const { from, where } = matchingTrials({
      ...this.selection(condition, look),
      rows: await this.lookedUp(condition, look),
    });
    const rows = sql`SELECT FROM ${from} WHERE ${where}`;
    return (await countTotal({ ...request, count: 'capped' }, rows, request.limit, look.run)) ?? NONE;
  }

  private async firstMet(candidates: readonly Candidate[], look: Look): Promise<Candidate | undefined> {
    for (const candidate of candidates) if (await this.isMet(candidate.condition, look)) return candidate;
    return undefined;
  }

  /**
   * Whether some trial meets the condition: among what an index gives for it, or, where that does not pay, since many meet it
   * or few are stored, among the first documents. So no guess has all documents read.
   */
  private async isMet(condition: Condition, look: Look): Promise<boolean> {
    const rows = await this.lookedUp(condition, look);
    const found = rows === undefined ? this.amongSome(condition, look) : this.among(condition, rows, look);
    const [row] = await look.run<{ met: boolean }>(sql`SELECT EXISTS (${found}) AS "met"`);
    return row?.met === true;
  }

  private among(condition: Condition, rows: ReadRows, look: Look): Sql {
    const { from, where } = matchingTrials({ ...this.selection(condition, look), rows });
    return sql`SELECT FROM ${from} WHERE ${where}`;
  }

  private amongSome(condition: Condition, look: Look): Sql {
    const { from, where } = matchingTrials({ ...this.selection(EVERYTHING, look), withMetadata: true });
    return sql`SELECT FROM (SELECT ${DOCUMENT} FROM ${from} WHERE ${where} LIMIT ${bind(SAMPLE, 'bigint')}) AS "trial_metadata"
      WHERE ${compileFilter(condition, { document: DOCUMENT })}`;
  }

  private selection(filter: Filter, { restriction }: Look): TrialSelection {
    return { source: TRIAL_SOURCE, tables: this.tables, filter, restriction };
  }

  /** The documents that indexes give for a condition; undefined where it takes less to read all. */
  private async lookedUp(filter: Filter, { indexes, run }: Look): Promise<ReadRows | undefined> {
    const { tables } = this;
    const pays = await paysToLookUp({ filter, tables, indexes }, run);
    return pays ? lookedUpRows(filter, tables, indexes) : undefined;
  }

  /** The first known fields, and those of the conditions whatever their place. */
  private async knownFields(
    conditions: readonly Condition[],
    request: SearchRequest,
    user: unknown,
  ): Promise<readonly KnownField[]> {
    const scope = request.projectId === undefined ? undefined : String(request.projectId);
    const all = { scope, search: undefined, limit: MAX_FIELDS, after: undefined };
    const { items, next } = await this.fields.list(all, user);
    if (next === null) return items;
    const known = new Set(items.map(({ path }) => path));
    const paths = conditions
      .slice(0, MAX_HINTS)
      .flatMap(({ field }) =>
        field.kind === 'metadata' && !known.has(formatPath(field.path)) ? [field.path] : [],
      );
    if (paths.length === 0) return items;
    return [...items, ...(await this.fields.list({ ...all, paths }, user)).items];
  }
}

function textOf(condition: Condition): string {
  return writeJson(formatFilter(condition));
}

/** Whether every trial that meets the condition meets the filter: then the search has shown that none does. */
function isEnough(condition: Condition, filter: Filter): boolean {
  if (filter.kind === 'or') return filter.filters.some((part) => isEnough(condition, part));
  if (filter.kind === 'and')
    return filter.filters.length > 0 && filter.filters.every((part) => isEnough(condition, part));
  return filter === condition;
}
