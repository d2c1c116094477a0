import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { RawJson, writeJson } from '../document/index.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLES, TRIAL_SOURCE } from '../metadata.tokens.js';
import {
  bind,
  columnJson,
  conditionsOf,
  CursorCodec,
  DOCUMENT,
  foldText,
  formatField,
  formatFilter,
  matchingTrials,
  scalarText,
  selectValues,
  sql,
  valueAt,
  type Field,
  type Filter,
  type MetadataTables,
  type Sql,
  type TrialSource,
} from '../query/index.js';
import { FieldIndexesService } from '../indexes/field-indexes.service.js';
import { lookedUpByText } from '../indexes/paying-look-ups.js';
import { readOnly } from '../read-only.js';
import { ValueSummariesService, type SummaryRequest } from './value-summaries.service.js';
import { summarySubject } from './value-summary.js';
import { visibleInScope } from './visible-in-scope.js';

/** A value of a field, and in how many trials it is there. */
export interface FieldValue {
  readonly value: RawJson;
  readonly count: number;
}

export interface FieldValuesRequest {
  readonly field: Field;
  /** Only values of trials that meet it. */
  readonly filter: Filter;
  readonly scope: string | undefined;
  /** Part of the value's text, ignoring case. */
  readonly search: string | undefined;
  readonly limit: number;
  readonly after: string | undefined;
}

export interface FieldValuesPage {
  readonly items: readonly FieldValue[];
  readonly next: string | null;
}

interface ValueRow {
  /** JSON text. */
  readonly value: string;
  readonly count: string;
}

/** Counts the values of a field over the trials that a user sees. */
@Injectable()
export class FieldValuesService {
  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLES) private readonly tables: MetadataTables,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly cursors: CursorCodec,
    private readonly access: TrialAccess,
    private readonly summaries: ValueSummariesService,
    private readonly indexes: FieldIndexesService,
  ) {}

  /**
   * The values, the most frequent first and equal counts in jsonb order. Numbers of one value (`1`, `1.0`) are one.
   * @throws InvalidRequestError for a cursor of another request; DatabaseBusyError after the statement timeout
   */
  async list(request: FieldValuesRequest, user: unknown): Promise<FieldValuesPage> {
    const { field, filter, scope, search, limit } = request;
    const query = writeJson([
      'values',
      formatField(field),
      formatFilter(filter),
      scope ?? null,
      search ?? null,
      await this.access.visibilityOf(user),
    ]);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const isSearch = search !== undefined && search !== '';
    const found = isSearch
      ? sql`"count" > 0 AND strpos(${foldText(scalarText(sql`"value"`))}, ${foldText(bind(search, 'text'))}) > 0`
      : sql`"count" > 0`;
    const after =
      end === undefined
        ? sql`true`
        : sql`("count" < ${bind(end.id, 'bigint')} OR ("count" = ${bind(end.id, 'bigint')} AND "value" > ${bind(end.values[0], 'jsonb')}))`;
    const select = (
      counted: Sql,
    ): Sql => sql`SELECT "value"::text AS "value", "count" FROM (${counted}) AS "counted"
        WHERE ${found} AND ${after} ORDER BY "count" DESC, "counted"."value" LIMIT ${bind(limit + 1, 'bigint')}`;
    const rows = await this.summed(request, user, { select, limit: limit + 1, selective: isSearch }, () =>
      this.counted(request, user, select),
    );
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next =
      last === undefined ? null : this.cursors.encode({ id: last.count, values: [last.value] }, query);
    return {
      items: items.map((row) => ({ value: new RawJson(row.value), count: Number(row.count) })),
      next,
    };
  }

  /** The rows from a summary where one tells; else by reading the documents, and a summary may be made for the next request. */
  private async summed(
    { field, filter, scope }: FieldValuesRequest,
    user: unknown,
    request: Omit<SummaryRequest, 'subject'>,
    read: () => Promise<readonly ValueRow[]>,
  ): Promise<readonly ValueRow[]> {
    const isOfAll = filter.kind === 'and' && filter.filters.length === 0;
    const subject =
      field.kind === 'metadata' && isOfAll
        ? summarySubject(field.path, scope, await this.access.visibleScopes(user))
        : undefined;
    if (subject === undefined) return await read();
    const rows = await this.summaries.answer<ValueRow>({ ...request, subject });
    if (rows !== undefined) return rows;
    try {
      return await read();
    } finally {
      this.summaries.ask(subject);
    }
  }

  /** The rows from the trials themselves. */
  private async counted(
    { field, filter, scope }: FieldValuesRequest,
    user: unknown,
    select: (counted: Sql) => Sql,
  ): Promise<readonly ValueRow[]> {
    const { source } = this;
    const columns = field.kind === 'column' ? [field.column] : [];
    const restriction = await visibleInScope(source, this.access, scope, user);
    // Of the trials of some scopes, or of other columns, it is cheaper to read all.
    const isOfAll =
      restriction === undefined && [...conditionsOf(filter)].every(({ field }) => field.kind === 'metadata');
    const indexes = await this.indexes.current();
    const value = field.kind === 'column' ? columnJson(field.column) : valueAt(DOCUMENT, field.path);
    return await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      const { from, where } = matchingTrials({
        source,
        tables: this.tables,
        filter,
        restriction,
        withMetadata: field.kind === 'metadata',
        columns: scope === undefined ? columns : [...columns, source.scope],
        rows: isOfAll ? await lookedUpByText({ filter, tables: this.tables, indexes }, run) : undefined,
      });
      const values = selectValues([{ value, name: sql`"value"` }], sql`${from} WHERE ${where}`);
      // OFFSET 0: a part of a value is looked for among the values, not in every trial. A count of the missing is 0.
      return await run<ValueRow>(
        select(
          sql`SELECT "value", count("value") AS "count" FROM (${values}) AS "matching" GROUP BY "value" OFFSET 0`,
        ),
      );
    });
  }
}
