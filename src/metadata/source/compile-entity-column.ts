import type { DataSource } from 'typeorm';
import { identifier, sql, type Column, type ColumnType, type Sql } from '../query/index.js';
import type { EntityColumn, EntityTable } from './entity-table.js';
import { sourceError } from './source-error.js';

interface Value {
  readonly type: ColumnType;
  readonly sql: Sql;
}

/** How a value of each type of PostgreSQL becomes one that is compared as JSON is. */
const VALUES: Readonly<Record<string, (column: Sql) => Value>> = {
  smallint: (column) => ({ type: 'integer', sql: column }),
  integer: (column) => ({ type: 'integer', sql: column }),
  bigint: (column) => ({ type: 'integer', sql: column }),
  numeric: (column) => ({ type: 'number', sql: column }),
  real: finiteNumber,
  'double precision': finiteNumber,
  text: (column) => ({ type: 'text', sql: column }),
  'character varying': (column) => ({ type: 'text', sql: column }),
  character: asText,
  citext: asText,
  uuid: (column) => ({ type: 'uuid', sql: column }),
  enum: asText,
  boolean: (column) => ({ type: 'boolean', sql: column }),
  'timestamp with time zone': (column) => ({ type: 'instant', sql: column }),
  'timestamp without time zone': (column) => ({ type: 'instant', sql: sql`(${column} AT TIME ZONE 'UTC')` }),
  date: (column) => ({ type: 'instant', sql: sql`(${column}::timestamp AT TIME ZONE 'UTC')` }),
  jsonb: (column) => ({ type: 'json', sql: column }),
  json: (column) => ({ type: 'json', sql: sql`${column}::jsonb` }),
};

/** What the same type is called elsewhere. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  decimal: 'numeric',
  float4: 'real',
  float8: 'double precision',
  float: 'double precision',
  varchar: 'character varying',
  char: 'character',
  bpchar: 'character',
  bool: 'boolean',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

/**
 * A column of an entity under the name that requests give it.
 * @throws Error of one line when its type cannot be compared
 */
export function compileEntityColumn(
  { driver }: DataSource,
  name: string,
  table: EntityTable,
  column: EntityColumn,
): Column {
  const found = identifier(table.alias, column.databaseName);
  const normal = driver.normalizeType(column);
  const valueOf = column.isArray ? asList : VALUES[OTHER_NAMES[normal] ?? normal];
  if (valueOf === undefined) {
    const property = `${table.metadata.name}.${column.propertyPath}`;
    throw sourceError(
      `columns "${name}"`,
      `${property} is of type ${normal}, which is compared with nothing. Leave it out, or give a TrialSource of your own.`,
    );
  }
  const [owner = '', rest = ''] = name.split('.');
  return {
    name,
    ...valueOf(found),
    item: owner === 'trial' ? rest : owner + rest.charAt(0).toUpperCase() + rest.slice(1),
    owner: owner === 'trial' || owner === 'project' ? owner : 'experiment',
    ...(owner === 'trial' ? {} : { join: owner }),
  };
}

function asText(column: Sql): Value {
  return { type: 'text', sql: sql`${column}::text` };
}

/** By its shortest digits, as it is shown; JSON has no NaN and no infinity. */
function finiteNumber(column: Sql): Value {
  const isFinite = sql`abs(${column}) < 'Infinity'`;
  return { type: 'number', sql: sql`(CASE WHEN ${isFinite} THEN ${column}::text::numeric END)` };
}

function asList(column: Sql): Value {
  return { type: 'json', sql: sql`to_jsonb(${column})` };
}
