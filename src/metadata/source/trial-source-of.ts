import type { DataSource } from 'typeorm';
import type { TrialEntity } from '../metadata.options.js';
import {
  columnCatalog,
  identifier,
  sql,
  type Column,
  type TrialJoin,
  type TrialSource,
} from '../query/index.js';
import { ONE_SCOPE, trialTableOf } from '../trial-tables.js';
import { compileEntityColumn } from './compile-entity-column.js';
import { compileEntityJoin } from './compile-entity-join.js';
import type { EntitySource } from './entity-source.js';
import { columnOf, entityTable, tableSql, type EntityTable } from './entity-table.js';
import { sourceError } from './source-error.js';

const WORD = /^[A-Za-z_][A-Za-z0-9_]*$/;
const COLUMN_NAME = /^([A-Za-z_][A-Za-z0-9_]*)\.[A-Za-z_][A-Za-z0-9_]*$/;
/** Aliases that statements have themselves, and what begins the name of a field of the documents. */
const TAKEN: readonly string[] = ['trial', 'metadata', 'trial_metadata'];

/** What a query selects from, and whether each trial surely has a row of it. */
interface Known {
  readonly table: EntityTable;
  readonly isSure: boolean;
}

/**
 * The {@link TrialSource} of a host's entities: `MetadataModule` makes one of its option `source`, and provides it as
 * `TRIAL_SOURCE`. Its columns fit a query builder whose aliases are `trial` and the names of the joins.
 * @throws Error of one line for what cannot be used
 */
export function trialSourceOf(
  dataSource: DataSource,
  description: EntitySource & { readonly trial: TrialEntity },
): TrialSource {
  const { trial, joins = [], columns, scope } = description;
  const { column: idColumn = 'id' } = trialTableOf(dataSource, trial);
  const trials = entityTable(dataSource, trial.entity, 'trial', 'trial');
  const known = new Map<string, Known>([['trial', { table: trials, isSure: true }]]);
  const compiled = joins.map((join): TrialJoin => {
    const { name, entity, from = 'trial' } = join;
    if (!WORD.test(name) || TAKEN.includes(name) || known.has(name)) {
      const message = 'a name is made of letters, digits and _, is there once, and is not trial or metadata.';
      throw sourceError(`joins "${name}"`, message);
    }
    const begin = knownAs(known, from, `joins "${name}"`);
    const end = entityTable(dataSource, entity, name, `joins "${name}"`);
    const { sql: text, isSure } = compileEntityJoin(dataSource, join, [begin.table, end], begin.isSure);
    known.set(name, { table: end, isSure });
    return { name, sql: text };
  });
  const catalog = columnCatalog(
    Object.entries(columns).map(([name, property]): Column => {
      const place = `columns "${name}"`;
      const owner = COLUMN_NAME.exec(name)?.[1];
      if (owner === undefined) throw sourceError(place, 'a name is like trial.title or experiment.name.');
      const { table } = knownAs(known, owner, place);
      return compileEntityColumn(dataSource, name, table, columnOf(table, property, place));
    }),
  );
  return {
    from: tableSql(trials),
    trialId: identifier('trial', idColumn),
    joins: compiled,
    columns: catalog,
    scope: scope === undefined ? ONE_SCOPE : scopeColumn(catalog.get(scope), scope),
  };
}

/** Every trial has a scope; that of those without one is the empty text. */
function scopeColumn(column: Column | undefined, name: string): Column {
  if (column === undefined) throw sourceError('scope', `"${name}" is not among the columns.`);
  return { ...column, type: 'text', sql: sql`coalesce((${column.sql})::text, '')` };
}

function knownAs(known: ReadonlyMap<string, Known>, name: string, place: string): Known {
  const found = known.get(name);
  if (found !== undefined) return found;
  throw sourceError(place, `"${name}" is none of ${[...known.keys()].join(', ')}.`);
}
