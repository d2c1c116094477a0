import type { DataSource, EntityMetadata } from 'typeorm';
import { identifier, joinSql, sql, type Sql } from '../query/index.js';
import type { EntityJoin } from './entity-source.js';
import { columnOf, tableSql, type EntityColumn, type EntityTable } from './entity-table.js';
import { sourceError } from './source-error.js';

type Relation = EntityMetadata['relations'][number];

/** Two columns that are equal: of the entity where the join begins, and of the joined one. */
type Pair = readonly [begin: EntityColumn, end: EntityColumn];

/** A join, and whether each trial surely has a row of it. */
export interface CompiledJoin {
  readonly sql: Sql;
  readonly isSure: boolean;
}

/**
 * `JOIN "lab"."studies" AS "experiment" ON "experiment"."key" = "trial"."study_key"`; a LEFT JOIN where there may be no row, so
 * that no trial is lost.
 * @param beginIsSure whether there surely is a row where the join begins
 * @throws Error of one line when the entities do not lead there, or to more than one row
 */
export function compileEntityJoin(
  { driver }: DataSource,
  join: EntityJoin,
  [begin, end]: readonly [EntityTable, EntityTable],
  beginIsSure: boolean,
): CompiledJoin {
  const place = `joins "${join.name}"`;
  const relation = typeof join.on === 'string' ? relationOf(join.on, begin, end, place) : undefined;
  const pairs = relation === undefined ? pairsOf(join.on, begin, end, place) : joinColumns(relation, place);
  for (const [from, to] of pairs) {
    const [one, other] = [driver.normalizeType(from), driver.normalizeType(to)];
    if ((one === 'uuid') !== (other === 'uuid')) {
      const names = `${begin.metadata.name}.${from.propertyPath} is of type ${one} and ${end.metadata.name}.${to.propertyPath} of ${other}`;
      throw sourceError(place, `${names}; they never are equal.`);
    }
  }
  // A relation without its foreign key promises nothing.
  const isSure = beginIsSure && relation?.isNullable === false && relation.createForeignKeyConstraints;
  const conditions = pairs.map(
    ([from, to]) =>
      sql`${identifier(end.alias, to.databaseName)} = ${identifier(begin.alias, from.databaseName)}`,
  );
  const kind = isSure ? sql`JOIN` : sql`LEFT JOIN`;
  return { sql: sql`${kind} ${tableSql(end)} ON ${joinSql(conditions, ' AND ')}`, isSure };
}

function relationOf(property: string, begin: EntityTable, end: EntityTable, place: string): Relation {
  const { name, relations } = begin.metadata;
  const relation = relations.find(({ propertyPath }) => propertyPath === property);
  if (relation === undefined) {
    const message = `${name} has no relation "${property}". Without a relation, give on: { property: property }.`;
    throw sourceError(place, message);
  }
  if (!relation.isOwning || !(relation.isManyToOne || relation.isOneToOne)) {
    const message = `${name}.${property} is neither many-to-one nor a one-to-one that ${name} holds the key of.`;
    throw sourceError(place, message);
  }
  if (relation.inverseEntityMetadata.target !== end.metadata.target) {
    const found = relation.inverseEntityMetadata.name;
    throw sourceError(place, `${name}.${property} leads to ${found}, not to ${end.metadata.name}.`);
  }
  return relation;
}

function joinColumns({ joinColumns: columns, propertyPath }: Relation, place: string): readonly Pair[] {
  return columns.map((column) => {
    if (column.referencedColumn === undefined)
      throw sourceError(place, `${propertyPath} refers to no column.`);
    return [column, column.referencedColumn];
  });
}

function pairsOf(on: EntityJoin['on'], begin: EntityTable, end: EntityTable, place: string): readonly Pair[] {
  const pairs = Object.entries(on).map(([from, to]): Pair => [
    columnOf(begin, from, place),
    columnOf(end, to, place),
  ]);
  const ends = new Set(pairs.map(([, to]) => to));
  if (!uniqueKeys(end.metadata).some((key) => key.every((column) => ends.has(column)))) {
    const names = [...ends].map(({ propertyPath }) => propertyPath).join(', ') || 'nothing';
    const message = `on must name the primary key of ${end.metadata.name} or a unique one, not ${names}: each trial may lead to one row at most.`;
    throw sourceError(place, message);
  }
  return pairs;
}

function uniqueKeys(metadata: EntityMetadata): readonly (readonly EntityColumn[])[] {
  const { primaryColumns, uniques, indices } = metadata;
  const indexes = indices.filter(({ isUnique, where }) => isUnique && !where);
  return [primaryColumns, ...[...uniques, ...indexes].map(({ columns }) => columns)].filter(
    ({ length }) => length > 0,
  );
}
