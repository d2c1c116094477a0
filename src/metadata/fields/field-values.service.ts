import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { RawJson, writeJson } from '../document/index.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLES, TRIAL_SOURCE } from '../metadata.tokens.js';
import {
  bind,
  columnJson,
  CursorCodec,
  DOCUMENT,
  foldText,
  formatField,
  formatFilter,
  matchingTrials,
  scalarText,
  sql,
  valueAt,
  type Field,
  type Filter,
  type MetadataTables,
  type TrialSource,
} from '../query/index.js';
import { readOnly } from '../read-only.js';
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
    const { source } = this;
    const restriction = await visibleInScope(this.source, this.access, scope, user);
    const columns = field.kind === 'column' ? [field.column] : [];
    const { from, where } = matchingTrials({
      source,
      tables: this.tables,
      filter,
      restriction,
      columns: scope === undefined ? columns : [...columns, source.scope],
    });
    const value = field.kind === 'column' ? columnJson(field.column) : valueAt(DOCUMENT, field.path);
    const found =
      search === undefined || search === ''
        ? sql`"value" IS NOT NULL`
        : sql`strpos(${foldText(scalarText(sql`"value"`))}, ${foldText(bind(search, 'text'))}) > 0`;
    const after =
      end === undefined
        ? sql`true`
        : sql`("count" < ${bind(end.id, 'bigint')} OR ("count" = ${bind(end.id, 'bigint')} AND "value" > ${bind(end.values[0], 'jsonb')}))`;
    const rows = await readOnly(this.dataSource, this.options.statementTimeout, (run) =>
      run<{ value: string; count: string }>(sql`SELECT "value"::text AS "value", "count" FROM (
          SELECT "value", count(*) AS "count" FROM (SELECT ${value} AS "value" FROM ${from} WHERE ${where}) AS "matching"
          WHERE ${found} GROUP BY "value") AS "counted"
        WHERE ${after} ORDER BY "count" DESC, "counted"."value" LIMIT ${bind(limit + 1, 'bigint')}`),
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
}
