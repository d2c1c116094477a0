import type { Type } from '@nestjs/common';
import type { DataSource, EntityMetadata } from 'typeorm';
import { identifier, sql, type Sql } from '../query/index.js';
import { sourceError } from './source-error.js';

/** An entity's table under an alias. */
export interface EntityTable {
  readonly metadata: EntityMetadata;
  readonly alias: string;
}

export type EntityColumn = EntityMetadata['columns'][number];

/** @throws Error of one line when the data source does not know the entity */
export function entityTable(dataSource: DataSource, entity: Type, alias: string, place: string): EntityTable {
  if (!dataSource.hasMetadata(entity)) {
    throw sourceError(place, `the entity ${entity.name} is not among the entities of its data source.`);
  }
  return { metadata: dataSource.getMetadata(entity), alias };
}

/** `"schema"."table" AS "alias"` */
export function tableSql({ metadata, alias }: EntityTable): Sql {
  const { schema, tableName } = metadata;
  const names = schema === undefined ? [tableName] : [schema, tableName];
  return sql`${identifier(...names)} AS ${identifier(alias)}`;
}

/** The column that holds a property. @throws Error of one line when none or several do */
export function columnOf({ metadata }: EntityTable, property: string, place: string): EntityColumn {
  const [column, ...others] = metadata.columns.filter(({ propertyPath }) => propertyPath === property);
  if (column === undefined) {
    const known = [...new Set(metadata.columns.map(({ propertyPath }) => propertyPath))].join(', ');
    throw sourceError(place, `${metadata.name} has no column for "${property}". Known: ${known}.`);
  }
  if (others.length > 0) {
    throw sourceError(
      place,
      `${metadata.name}.${property} is ${1 + others.length} columns. Name a property of one.`,
    );
  }
  return column;
}
