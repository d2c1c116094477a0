import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { formatPath, type JsonType, type Path } from '../document/index.js';
import {
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
  TRIAL_SOURCE,
} from '../metadata.tokens.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import {
  bind,
  CursorCodec,
  FALSE,
  foldText,
  joinSql,
  joinsFor,
  sql,
  TRUE,
  type PageEnd,
  type Sql,
  type TrialSource,
} from '../query/index.js';
import { readOnly } from '../read-only.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { scanStatement } from './count-statements.js';
import { FieldCounter } from './field-counter.js';
import { visibleInScope } from './visible-in-scope.js';
import { fieldTables, type FieldTables } from './field-tables.js';

/** A path that holds a value in some trial. */
export interface KnownField {
  /** As filters name it, `metadata.` included. */
  readonly field: string;
  /** Without the prefix. */
  readonly path: string;
  /** In how many trials it holds a value of each type. */
  readonly types: Readonly<Partial<Record<JsonType, number>>>;
  /** In how many trials it is there at all. */
  readonly trials: number;
}

/** By name, or the most common first; of equally common ones those nearer to the top level. */
export type FieldOrder = 'path' | 'trials';

export interface KnownFieldsRequest {
  /** One scope (project); absent: all that the user sees. */
  readonly scope: string | undefined;
  /** Part of the path, ignoring case. */
  readonly search: string | undefined;
  /** These alone; absent: all. */
  readonly paths?: readonly Path[];
  /** `path` by default. */
  readonly order?: FieldOrder;
  readonly limit: number;
  readonly after: string | undefined;
}

export interface KnownFieldsPage {
  readonly items: readonly KnownField[];
  readonly next: string | null;
}

interface FieldRow {
  readonly path: Path;
  /** In how many trials it is. */
  readonly total: string;
  readonly types: Readonly<Partial<Record<JsonType, number>>>;
}

/** Lists the known fields of the trials that a user sees. */
@Injectable()
export class KnownFieldsService {
  private readonly tables: FieldTables;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) names: MetadataTableNames,
    @Inject(TRIAL_SOURCE) private readonly source: TrialSource,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly counter: FieldCounter,
    private readonly cursors: CursorCodec,
    private readonly access: TrialAccess,
  ) {
    this.tables = fieldTables(names);
  }

  /**
   * The fields in the order that is asked for. They come from the counts where the user sees whole scopes, and else from
   * the documents that he may see.
   * @throws InvalidRequestError for a cursor of another request; DatabaseBusyError after the statement timeout
   */
  async list(request: KnownFieldsRequest, user: unknown): Promise<KnownFieldsPage> {
    const visibility = await this.access.visibilityOf(user);
    const { order = 'path' } = request;
    const query = JSON.stringify([
      'fields',
      order,
      request.scope ?? null,
      request.search ?? null,
      visibility,
    ]);
    const end = request.after === undefined ? undefined : this.cursors.decode(request.after, query);
    const fields = await this.visibleFields(request.scope, user);
    const conditions = [sql`"trials" > 0`];
    if (request.search !== undefined && request.search !== '') {
      const name = foldText(sql`array_to_string("path", '.')`);
      conditions.push(sql`strpos(${name}, ${foldText(bind(request.search, 'text'))}) > 0`);
    }
    if (request.paths !== undefined) {
      const named = request.paths.map((path) => sql`"path" = ${bind(path, 'text[]')}`);
      conditions.push(sql`(${joinSql(named, ' OR ', FALSE)})`);
    }
    const rows = await readOnly(this.dataSource, this.options.statementTimeout, (run) =>
      run<FieldRow>(sql`${fields} SELECT "path", "types", "total" FROM (
          SELECT "path", jsonb_object_agg("type", "trials") AS "types", sum("trials") AS "total"
          FROM (SELECT "path", "type", sum("trials") AS "trials" FROM "visible" GROUP BY "path", "type") AS "field"
          WHERE ${joinSql(conditions, ' AND ')} GROUP BY "path") AS "known"
        WHERE ${end === undefined ? TRUE : isAfter(end, order)} ORDER BY ${ORDERS[order]} LIMIT ${bind(request.limit + 1, 'bigint')}`),
    );
    const items = rows.slice(0, request.limit);
    const last = rows.length > request.limit ? items.at(-1) : undefined;
    const next =
      last === undefined
        ? null
        : this.cursors.encode({ id: JSON.stringify(last.path), values: [last.total] }, query);
    return { items: items.map(toField), next };
  }

  /** WITH "visible"(path, type, trials) for the user. */
  private async visibleFields(scope: string | undefined, user: unknown): Promise<Sql> {
    const scopes = await this.access.visibleScopes(user);
    if (scopes === undefined) return this.scannedFields(scope, user);
    // Where it takes long, the fields as they were are better than none.
    await this.counter.countForReader();
    const conditions: Sql[] = [];
    if (scope !== undefined) conditions.push(sql`"scope" = ${bind(scope, 'text')}`);
    if (scopes !== 'all') conditions.push(sql`"scope" = ANY (${bind(scopes, 'text[]')})`);
    return sql`WITH "visible" AS (SELECT * FROM ${this.tables.fields} WHERE ${joinSql(conditions, ' AND ', sql`true`)})`;
  }

  private async scannedFields(scope: string | undefined, user: unknown): Promise<Sql> {
    const { source } = this;
    const condition = (await visibleInScope(source, this.access, scope, user)) ?? TRUE;
    const from = joinSql([source.from, ...joinsFor(source, [source.scope])], ' ');
    const trialIds = sql`SELECT ${source.trialId} FROM ${from} WHERE ${condition}`;
    return sql`WITH "visible" AS (${scanStatement(this.tables, source, trialIds)})`;
  }
}

const ORDERS: Readonly<Record<FieldOrder, Sql>> = {
  path: sql`"path" COLLATE "C"`,
  trials: sql`"total" DESC, cardinality("path"), "path" COLLATE "C"`,
};

/** Whether a field comes after the end of a page. */
function isAfter({ id, values }: PageEnd, order: FieldOrder): Sql {
  const path = bind(JSON.parse(id), 'text[]');
  if (order === 'path') return sql`"path" COLLATE "C" > ${path}`;
  const total = bind(values[0], 'numeric');
  return sql`("total" < ${total} OR ("total" = ${total} AND (cardinality("path"), "path" COLLATE "C") > (cardinality(${path}), ${path})))`;
}

function toField(row: FieldRow): KnownField {
  const path = formatPath(row.path);
  return { field: `metadata.${path}`, path, types: row.types, trials: Number(row.total) };
}
