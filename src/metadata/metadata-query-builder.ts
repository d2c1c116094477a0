import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { toJsonValue, type JsonValue } from './document/index.js';
import {
  compileFilter,
  compileSort,
  DEFAULT_QUERY_LIMITS,
  parseFilter,
  parseSort,
  requestDepth,
  trustedSql,
  type ColumnCatalog,
  type QueryLimits,
  type Sql,
} from './query/index.js';
import type { MetadataTableNames } from './storage/metadata-tables.js';

/** What to add to a host's query. */
export interface ApplyOptions {
  /** The trial's id in the host's query, e.g. `trial.id`. */
  readonly trialId: string;
  /** A filter as in a request body, as a JavaScript value or as {@link JsonValue} with exact numbers. */
  readonly filter?: unknown;
  /** A sort as in a request body. The trial id is added to break ties. */
  readonly sort?: unknown;
  /** The host's columns that filter and sort may name; none by default. */
  readonly columns?: ColumnCatalog;
}

const NO_COLUMNS: ColumnCatalog = new Map();

/**
 * Puts filters and sorts over metadata into a query of the host's own:
 *
 *     metadataQuery.apply(qb, { trialId: 'trial.id', filter: { field: 'metadata.gpu', operator: 'is', value: 'A100' } })
 *
 * adds `LEFT JOIN (SELECT trial_id, metadata FROM trial_metadata) metadata_1 ON … WHERE (…) AND (metadata_1.metadata @>
 * :metadata_1_filter_0::jsonb)`. The host's own conditions, in parentheses of their own, parameters and order
 * stay. Aliases and parameters get names that the query does not have yet, so that it can be applied more than once.
 */
export class MetadataQueryBuilder {
  constructor(
    private readonly tables: Pick<MetadataTableNames, 'metadata'> = { metadata: '"trial_metadata"' },
    private readonly limits: QueryLimits = DEFAULT_QUERY_LIMITS,
  ) {}

  /**
   * To be called when the query has its conditions: a `where` behind it replaces the filter, and an `orWhere` goes round it.
   * @throws InvalidRequestError for a filter or sort that is none
   * @returns the same builder
   */
  apply<Entity extends ObjectLiteral>(
    builder: SelectQueryBuilder<Entity>,
    options: ApplyOptions,
  ): SelectQueryBuilder<Entity> {
    const names = { columns: options.columns ?? NO_COLUMNS, limits: this.limits };
    const filter = parseFilter(this.jsonOf(options.filter), names);
    const sort = parseSort(this.jsonOf(options.sort), names);
    const alias = freeAlias(builder);
    const document = trustedSql(`${alias}.metadata`);
    // By its name, since the data source may know no entity of it, or one of another schema.
    const table = `(SELECT trial_id, metadata FROM ${this.tables.metadata})`;
    builder.leftJoin(table, alias, `${alias}.trial_id = ${options.trialId}`);
    const where = named(compileFilter(filter, { document }), `${alias}_filter`);
    bracketWheres(builder);
    builder.andWhere(`(${where.text})`, where.parameters);
    compileSort(sort, document).forEach((key, index) => {
      const name = `${alias}_sort_${index}`;
      const expression = named(key.expression, name);
      // TypeORM orders by names, not by expressions; a selected one that no entity maps is left out of entities.
      builder.addSelect(expression.text, name).setParameters(expression.parameters);
      builder.addOrderBy(name, key.direction === 'asc' ? 'ASC' : 'DESC', 'NULLS LAST');
    });
    if (sort.length > 0) builder.addOrderBy(options.trialId, 'ASC');
    return builder;
  }

  private jsonOf(value: unknown): JsonValue | undefined {
    return value === undefined ? undefined : toJsonValue(value, { maxDepth: requestDepth(this.limits) });
  }
}

/** What the query has selected by so far becomes one condition: AND binds closer than an OR in it would. */
function bracketWheres<Entity extends ObjectLiteral>({ expressionMap }: SelectQueryBuilder<Entity>): void {
  const { wheres } = expressionMap;
  if (wheres.length === 0) return;
  expressionMap.wheres = [{ type: 'simple', condition: { operator: 'brackets', condition: wheres } }];
}

function named(fragment: Sql, prefix: string): { text: string; parameters: Record<string, unknown> } {
  const { text, parameters } = fragment.toNamed(prefix);
  return { text, parameters: { ...parameters } };
}

function freeAlias<Entity extends ObjectLiteral>(builder: SelectQueryBuilder<Entity>): string {
  const taken = new Set(builder.expressionMap.aliases.map((alias) => alias.name));
  let number = 1;
  while (taken.has(`metadata_${number}`)) number += 1;
  return `metadata_${number}`;
}
