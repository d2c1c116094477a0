import type { DataSource } from 'typeorm';
import { findTrialMetadata } from './entities/trial-metadata-of.js';
import type { MetadataExtras, TrialEntity } from './metadata.options.js';
import { trustedSql, type Column, type TrialSource } from './query/index.js';
import { metadataTableNames, type MetadataTableNames } from './storage/metadata-tables.js';
import type { TrialIdType, TrialTable } from './storage/trial-table.js';

const ID_TYPES: readonly string[] = ['integer', 'bigint', 'uuid'] satisfies TrialIdType[];

/** @throws Error of one line when the host's entity cannot be used */
export function findTables(
  dataSource: DataSource,
  { trial, schema }: Pick<MetadataExtras, 'trial' | 'schema'>,
): MetadataTableNames {
  const own = findTrialMetadata(dataSource)?.schema;
  const table = 'entity' in trial ? trialTableOf(dataSource, trial) : trial;
  return metadataTableNames(table, schema ?? own);
}

/** The scope of every trial where they are not counted apart. */
export const ONE_SCOPE: Column = {
  name: 'trial',
  type: 'text',
  sql: trustedSql(`''`),
  item: 'trial',
  owner: 'trial',
};

/** The trials alone, with no columns to filter by, for a host that describes none. */
export function plainTrialSource(tables: MetadataTableNames): TrialSource {
  return {
    from: trustedSql(`${tables.trials} AS "trial"`),
    trialId: trustedSql(`"trial".${tables.trialId}`),
    joins: [],
    columns: new Map(),
    scope: ONE_SCOPE,
  };
}

/**
 * The table of a host's trials as its entity describes it, e.g. for the plugin's migrations.
 * @throws Error of one line when the entity cannot be used
 */
export function trialTableOf(dataSource: DataSource, { entity, id = 'id' }: TrialEntity): TrialTable {
  const name = entity.name;
  if (!dataSource.hasMetadata(entity)) {
    throw new Error(`MetadataModule: the entity ${name} is not among the entities of its data source.`);
  }
  const { tableName, schema, columns } = dataSource.getMetadata(entity);
  const column = columns.find(({ propertyPath }) => propertyPath === id);
  if (column === undefined) throw new Error(`MetadataModule: the entity ${name} has no column for "${id}".`);
  const type = dataSource.driver.normalizeType(column);
  if (!isIdType(type)) {
    throw new Error(`MetadataModule: ${name}.${id} is a ${type}. A trial id must be ${ID_TYPES.join(', ')}.`);
  }
  return { table: tableName, schema, column: column.databaseName, type };
}

function isIdType(type: string): type is TrialIdType {
  return ID_TYPES.includes(type);
}
