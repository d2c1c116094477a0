import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { toJsonValue, type JsonValue } from './document/index.js';
import { findTrialMetadata } from './entities/trial-metadata-of.js';
import { TrialMetadata } from './entities/trial-metadata.entity.js';
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
 * adds `LEFT JOIN trial_metadata metadata_1 ON … WHERE (metadata_1.metadata @> :metadata_1_filter_0::jsonb AND …)`.
 * The host's own conditions, parameters and order stay; aliases and parameters get names that the query does not have
 * yet, so that it can be applied more than once.
 */
export class MetadataQueryBuilder {
  constructor(private readonly limits: QueryLimits = DEFAULT_QUERY_LIMITS) {}

  /**
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
    const entity = findTrialMetadata(dataSourceOf(builder))?.target ?? TrialMetadata;
    builder.leftJoin(entity, alias, `${alias}.trialId = ${options.trialId}`);
    const where = named(compileFilter(filter, { document }), `${alias}_filter`);
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

/** TypeORM 1 calls it `dataSource`, TypeORM 0.3 `connection`. */
function dataSourceOf<Entity extends ObjectLiteral>(builder: SelectQueryBuilder<Entity>): DataSource {
  const known: { readonly dataSource?: DataSource; readonly connection?: DataSource } = builder;
  const dataSource = known.dataSource ?? known.connection;
  if (dataSource === undefined) throw new TypeError('The query builder belongs to no data source.');
  return dataSource;
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
